/** What a frame says. The first on a connection is `hello` or `scrape`. */
export const FRAME = {
  /** Process to hub: who speaks. */
  hello: 1,
  /** Hub to process: tell what is new. The payload is one byte of {@link ASK} flags. */
  ask: 2,
  /** Process to hub: what changed since the last answer. */
  update: 3,
  /** Process to hub: everything. */
  whole: 4,
  /** Process to hub: answer a scrape on this connection. */
  scrape: 5,
  /** Hub to process: some bytes of the answer. */
  piece: 6,
  /** Hub to process: the answer is complete. */
  end: 7,
} as const;

/** Flags of an `ask` frame. */
export const ASK = {
  /** Tell everything. */
  whole: 1,
  /** Leave out the collect callbacks. */
  quiet: 2,
} as const;

/** One message on a connection, and one record in a log. */
export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

/** Puts frames together again. */
export interface FrameReader {
  /** Takes what arrived. */
  push(chunk: Buffer): void;
  /** Lets frames be large from now on: the speaker is known. */
  trust(): void;
}

/** What a reader tells. */
export interface FrameListener {
  frame(frame: Frame): void;
  /** No frame, or one that is too large; nothing is told after that. */
  garbage(): void;
}

const HEAD_BYTES = 5;
const MAX_KIND = FRAME.end;
/** A stranger's frame must be small; a known process may tell of a hundred thousand series. */
const STRANGER_BYTES = 64 * 1024;
const MAX_BYTES = 256 * 1024 * 1024;

/** The bytes before a frame's payload: its length in four bytes, its kind in one. */
export function frameHead(kind: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32BE(length);
  head[4] = kind;
  return head;
}

/** One frame as bytes. */
export function encodeFrame(kind: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([frameHead(kind, payload.length), payload]);
}

/** Reads all frames of a file; what was cut off at its end is left out. */
export function decodeFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  const reader = createFrameReader({ frame: (frame) => frames.push(frame), garbage: () => undefined });
  reader.trust();
  reader.push(bytes);
  return frames;
}

/** Makes the reader of one connection. Whatever arrives, it holds no more than one frame of the allowed size. */
export function createFrameReader(listener: FrameListener): FrameReader {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = HEAD_BYTES;
  let most = STRANGER_BYTES;
  let isBroken = false;

  // Joined only once a frame is whole, so that a large one is not copied at each chunk.
  function read(): void {
    let rest = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
    while (!isBroken && rest.length >= (wanted = wantedOf(rest))) {
      if (!isValid(rest)) return fail();
      const [kind, payload] = [rest[4] as number, rest.subarray(HEAD_BYTES, wanted)];
      rest = rest.subarray(wanted);
      listener.frame({ kind, payload });
    }
    if (rest.length >= HEAD_BYTES && !isValid(rest)) return fail();
    chunks = [rest];
    size = rest.length;
  }

  const isValid = (bytes: Buffer): boolean =>
    (bytes[4] as number) >= FRAME.hello && (bytes[4] as number) <= MAX_KIND && wantedOf(bytes) <= most;

  function fail(): void {
    isBroken = true;
    chunks = [];
    listener.garbage();
  }

  return {
    push(chunk) {
      if (isBroken) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size >= wanted) read();
    },
    trust() {
      most = MAX_BYTES;
    },
  };
}

function wantedOf(bytes: Buffer): number {
  return bytes.length < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + bytes.readUInt32BE();
}
