import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { encodeFrame, FRAME } from "../../../src/metrics/processes/frames.js";
import { proxyScrape } from "../../../src/metrics/processes/peer-scrape.js";
import { gather, temporaryFolder } from "./fakes.js";

/** A hub that does as it is told. */
async function hub(act: (socket: Socket) => void): Promise<string> {
  const address = join(temporaryFolder(), "s");
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    socket.once("data", () => act(socket));
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  onTestFinished(() => void server.close());
  return address;
}

const piece = (text: string) => encodeFrame(FRAME.piece, Buffer.from(text));
const scrape = (address: string, writable = gather(), timeoutMs = 2_000) =>
  proxyScrape({ address, writable, options: { format: "text" }, timeoutMs });

it("is whole only when the hub says so", async () => {
  const out = gather();
  const address = await hub((socket) =>
    socket.end(Buffer.concat([piece("a"), piece("b"), encodeFrame(FRAME.end)])),
  );
  expect(await scrape(address, out)).toBe("whole");
  expect(out.text()).toBe("ab");
});

it("rejects when the hub stops in the middle, as what was written cannot be taken back", async () => {
  const address = await hub((socket) => socket.end(piece("a")));
  await expect(scrape(address)).rejects.toThrow("the hub stopped in the middle");
});

it("wrote nothing when there is no hub, or none that answers, or one that talks nonsense", async () => {
  expect(await scrape(join(temporaryFolder(), "none"))).toBe("nothing");
  expect(await scrape(await hub((socket) => socket.end()))).toBe("nothing");
  expect(await scrape(await hub(() => undefined), gather(), 30)).toBe("nothing");
  expect(await scrape(await hub((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")))).toBe(
    "nothing",
  );
  expect(await scrape(await hub((socket) => socket.write(encodeFrame(FRAME.ask))))).toBe("nothing");
});

it("ends with its reader, and lets the hub know", async () => {
  let isClosed = false;
  const out = new PassThrough();
  const address = await hub((socket) => {
    socket.on("close", () => {
      isClosed = true;
    });
    socket.resume().write(piece("a"));
    out.once("data", () => out.destroy());
  });
  expect(await proxyScrape({ address, writable: out, options: {}, timeoutMs: 5_000 })).toBe("left");
  await expect.poll(() => isClosed).toBe(true);
});
