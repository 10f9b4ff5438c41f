import { IncomingMessage } from "node:http";
import type { Detach } from "../../collector.js";

/** Hears of each `baseUrl` that Express writes on a request. */
export type BaseUrlWatcher = (req: object, baseUrl: string) => void;

/** An Express request whose `baseUrl` is watched. */
interface Watched {
  [VALUE]?: string | undefined;
}

/** The object that all requests of one copy of Express inherit from. */
interface Root {
  baseUrl?: string;
  [WATCHERS]?: BaseUrlWatcher[];
}

// One accessor for each copy of Express, whatever the number of observabilities, or of copies of telltale, that listen.
const WATCHERS = Symbol.for("telltale.baseUrl.watchers");
const VALUE = Symbol.for("telltale.baseUrl");

/**
 * Tells `watcher` of every mount that a request enters: Express writes `req.baseUrl` each time, so an accessor where all
 * requests inherit it from is told at no cost per request. On the app's own `request` it would be lost in a sub-app
 * that a Router mounts. The accessor stays when the last watcher has left: open requests keep their `baseUrl` in it.
 */
export function watchBaseUrl(root: object, watcher: BaseUrlWatcher): Detach {
  const watchers = watchersOf(root);
  watchers.push(watcher);
  return () => {
    const at = watchers.indexOf(watcher);
    if (at >= 0) watchers.splice(at, 1);
  };
}

/** Where the requests of an app's copy of Express inherit from: `express.request`, found from `app.request`. */
export function requestRoot(request: object): object {
  let root = request;
  for (;;) {
    const parent: object | null = Object.getPrototypeOf(root);
    if (parent === IncomingMessage.prototype) return root;
    // Nobody's request: what everything inherits from is left alone.
    if (parent === null) return request;
    root = parent;
  }
}

function watchersOf(root: Root): BaseUrlWatcher[] {
  const known = root[WATCHERS];
  if (known !== undefined) return known;
  const watchers: BaseUrlWatcher[] = [];
  // Whoever else has an accessor there keeps it: then only the mounts of errors are not known.
  if ("baseUrl" in root) return watchers;
  Object.defineProperty(root, WATCHERS, { value: watchers });
  Object.defineProperty(root, "baseUrl", {
    configurable: true,
    enumerable: true,
    get(this: Watched) {
      return this[VALUE];
    },
    set(this: Watched, value: string | undefined) {
      this[VALUE] = value;
      // Undefined on the way out of the outermost router.
      if (value !== undefined) for (const watcher of watchers) watcher(this, value);
    },
  });
  return watchers;
}
