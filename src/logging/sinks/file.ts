import { BufferedSink } from "./buffered.js";
import { refuse, type SinkMaker, type SinkParts } from "./maker.js";
import type { FileSinkOptions } from "./options.js";
import { type Outlet, openFile } from "./outlets.js";
import { openRotating, rotateRule } from "./rotating.js";
import { flag, required, text } from "./rules.js";
import { onHangUp } from "./signals.js";
import type { Sink } from "./sink.js";

/** A file to append to, opened anew on SIGHUP, followed by the next one by size or time where that is asked for. */
export const file: SinkMaker = {
  to: "file",
  main: "path",
  keys: { path: required(text), mkdir: flag, rotate: rotateRule, sighup: flag },
  open(options: FileSinkOptions, parts) {
    const sink = new BufferedSink(openOutlet(options, parts), parts.lose);
    return options.sighup === false ? sink : reopenedOnHangUp(sink);
  },
};

function openOutlet({ path, mkdir, rotate }: FileSinkOptions, { where, lose }: SinkParts): Outlet {
  try {
    if (rotate === undefined) return openFile({ path, mkdir });
    return openRotating({ path, mkdir, rotate, onFault: (error) => lose("write_failed", 0, error) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(where, path, `a path that can be opened for appending (${reason})`);
  }
}

function reopenedOnHangUp(sink: BufferedSink): Sink {
  const forget = onHangUp(() => sink.reopen());
  return {
    isTty: sink.isTty,
    write: (line) => sink.write(line),
    flushSync: () => sink.flushSync(),
    reopen: () => sink.reopen(),
    close() {
      forget();
      return sink.close();
    },
  };
}
