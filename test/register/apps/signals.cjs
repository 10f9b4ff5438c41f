const names = ["SIGHUP", "SIGUSR2", "uncaughtException", "unhandledRejection"];
const { service } = process.env;
console.log(JSON.stringify({ port: 0, counts: names.map((name) => process.listenerCount(name)), service }));
setInterval(() => undefined, 1000);
