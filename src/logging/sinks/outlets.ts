import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { isatty } from "node:tty";

/** What a buffered sink writes into. Every member but `close` may throw what the system says. */
export interface Outlet {
  readonly isTty: boolean;
  /** True for a file that is ours: what comes after `close` is lost, while a descriptor still takes it. */
  readonly isOwned: boolean;
  /** Takes bytes from `offset` on; answers how many. */
  write(bytes: Buffer, offset: number): number;
  reopen(): void;
  close(): void;
}

/** A descriptor of the process: standard output or standard error. */
export function openDescriptor(fd: number): Outlet {
  return {
    isTty: isatty(fd),
    isOwned: false,
    write: (bytes, offset) => writeSync(fd, bytes, offset),
    reopen: () => undefined,
    close: () => undefined,
  };
}

/** What a file is opened with. */
export interface FileOptions {
  readonly path: string;
  /** Makes the folder where it is missing. */
  readonly mkdir?: boolean | undefined;
}

/** A file to append to. Throws when it cannot be opened. */
export function openFile(options: FileOptions): Outlet {
  let fd = openForAppending(options);
  return {
    isTty: isatty(fd),
    isOwned: true,
    write: (bytes, offset) => writeSync(fd, bytes, offset),
    reopen() {
      const old = fd;
      fd = openForAppending(options);
      closeSync(old);
    },
    close: () => closeSync(fd),
  };
}

/** A descriptor at the end of the file. Throws when it cannot be opened. */
export function openForAppending({ path, mkdir }: FileOptions): number {
  if (mkdir === true) mkdirSync(dirname(path), { recursive: true });
  return openSync(path, "a");
}
