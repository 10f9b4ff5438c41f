import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { encodeFrame, FRAME, frameHead } from "./frames.js";

/** Answers a scrape on a connection; the last frame says that nothing is missing. */
export async function serveScrape(socket: Socket, write: (out: Writable) => Promise<void>): Promise<void> {
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      socket.cork();
      socket.write(frameHead(FRAME.piece, chunk.length));
      socket.write(chunk, done);
      socket.uncork();
    },
    final(done) {
      socket.end(encodeFrame(FRAME.end));
      done();
    },
  });
  socket.once("close", () => out.destroy());
  out.on("error", () => socket.destroy());
  await write(out);
}
