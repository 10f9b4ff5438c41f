console.log(JSON.stringify({ port: 0 }));
process.exitCode = 3;
