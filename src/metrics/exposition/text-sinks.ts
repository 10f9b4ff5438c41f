import { errorMonitor } from "node:events";
import { OutgoingMessage } from "node:http";
import type { Writable } from "node:stream";
import type { BorrowedText } from "../text/chunks.js";
import type { Piece } from "./formats/format.js";
import { createPace } from "./pace.js";

/** Takes one piece of the text after the other; answers false when nobody reads any more. */
export type Sink = (piece: Piece) => Promise<boolean>;

/** Gathers the text as one string. */
export interface StringSink {
  readonly sink: Sink;
  text(): string;
}

/** Writes the text to a writable. */
export interface WritableSink {
  readonly sink: Sink;
  /** True when the writable was ended or destroyed. */
  isClosed(): boolean;
  /** Takes its listeners off the writable. */
  release(): void;
}

const WAKING = ["drain", "close", errorMonitor] as const;

/** Makes a sink of one string, which rests after each slice of work. */
export function createStringSink(sliceMs: number): StringSink {
  const parts: string[] = [];
  const breathe = createPace(sliceMs);
  return {
    text: () => parts.join(""),
    async sink(piece) {
      parts.push(textOf(piece));
      await breathe();
      return true;
    },
  };
}

/** Makes a sink that heeds the writable's back-pressure and rests after each slice of work. */
export function createWritableSink(writable: Writable, sliceMs: number): WritableSink {
  const breathe = createPace(sliceMs);
  let wake: () => void = () => undefined;
  const onWake = (): void => wake();
  const isClosed = (): boolean => writable.destroyed || writable.writableEnded;
  for (const event of WAKING) writable.on(event, onWake);

  return {
    isClosed,
    release() {
      for (const event of WAKING) writable.off(event, onWake);
    },
    async sink(piece) {
      if (isClosed()) return false;
      const isFlowing = isBorrowed(piece) ? writeBorrowed(writable, piece) : writable.write(piece);
      if (!isFlowing && writable.writableNeedDrain && !isClosed()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      // 'drain' may come in the same turn, so waiting for it is no rest.
      await breathe();
      return !isClosed();
    },
  };
}

// A response hands bytes to its socket and calls back once they left. Any other stream may pass them on and still call
// back at once, so it gets a copy.
function writeBorrowed(writable: Writable, text: BorrowedText): boolean {
  if (writable instanceof OutgoingMessage) return writable.write(text.bytes, text.giveBack);
  const copy = Buffer.from(text.bytes);
  text.giveBack();
  return writable.write(copy);
}

function textOf(piece: Piece): string {
  if (!isBorrowed(piece)) return piece.toString();
  const text = piece.bytes.toString();
  piece.giveBack();
  return text;
}

function isBorrowed(piece: Piece): piece is BorrowedText {
  return typeof piece !== "string" && !Buffer.isBuffer(piece);
}
