/** Text in borrowed memory: whoever has read it gives it back, and reads it no more. */
export interface BorrowedText {
  readonly bytes: Buffer;
  giveBack(): void;
}

/** Memory that text is written into, used again once it was given back. */
export interface Chunks {
  /** A chunk of at least so many bytes, whatever they hold. */
  take(bytes: number): Buffer;
  /** The first `length` bytes of a chunk as text to read. */
  lend(chunk: Buffer, length: number): BorrowedText;
}

const CHUNK_BYTES = 64 * 1024;
// A scrape fills one while the other is on its way.
const KEPT_CHUNKS = 2;

/** Makes the memory of one registry's texts; between scrapes it holds at most 128 KiB. */
export function createChunks(): Chunks {
  const free: Buffer[] = [];

  function giveBack(chunk: Buffer): void {
    if (chunk.length === CHUNK_BYTES && free.length < KEPT_CHUNKS) free.push(chunk);
  }

  return {
    take: (bytes) =>
      (bytes > CHUNK_BYTES ? undefined : free.pop()) ?? Buffer.allocUnsafeSlow(Math.max(bytes, CHUNK_BYTES)),
    lend(chunk, length) {
      let isLent = true;
      return {
        bytes: chunk.subarray(0, length),
        giveBack() {
          if (isLent) giveBack(chunk);
          isLent = false;
        },
      };
    },
  };
}
