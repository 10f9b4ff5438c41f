/** Listens on `port`, or on a free one when that is taken; resolves to the port. */
export function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if (error.code === "EADDRINUSE" && port !== 0) listen(server, 0).then(resolve, reject);
      else reject(error);
    });
    server.listen(port, () => resolve(server.address().port));
  });
}

/** Opens the management port on `port`, or on a free one when that is taken. */
export async function listenManagement(obs, port) {
  try {
    return await obs.listen({ port });
  } catch (error) {
    if (error.code !== "TELLTALE_LISTEN" || port === 0) throw error;
    return obs.listen({ port: 0 });
  }
}
