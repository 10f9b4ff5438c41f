// The protocol: four bytes with the length of what follows, then JSON with `id`, `headers` and `body`.
const MAX_BYTES = 1_000_000;

/** One frame as it goes over the wire. */
export function encode(frame) {
  const payload = Buffer.from(JSON.stringify(frame));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

/** Calls `onFrame` with each whole frame that a socket receives; a stranger's nonsense ends the connection. */
export function decode(socket, onFrame) {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      if (length > MAX_BYTES) return socket.destroy();
      if (rest.length < 4 + length) return;
      const payload = rest.subarray(4, 4 + length);
      rest = rest.subarray(4 + length);
      const frame = parse(payload);
      if (frame === undefined) return socket.destroy();
      onFrame(frame);
    }
  });
}

function parse(payload) {
  try {
    return JSON.parse(payload.toString("utf8")) ?? undefined;
  } catch {
    return undefined;
  }
}
