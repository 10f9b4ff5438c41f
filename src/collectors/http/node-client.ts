import { listenTo } from "../../channels.js";
import type { Collector } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import type { ClientMessage } from "./client/calls.js";

interface HttpModuleLike {
  readonly request: unknown;
  readonly globalAgent: object;
  readonly createServer: unknown;
}

/**
 * Observes the clients of node:http and node:https through Node's channels: `obs.instrument(http)`. From Node 22 on the
 * requests carry `traceparent`; Node 20 tells of a request only after its headers are built, so there an agent is to be
 * instrumented for that: `obs.instrument(http.globalAgent)`.
 */
export const nodeClient: Collector<HttpModuleLike, object, "http"> = {
  name: "node-client",
  domain: "http",
  supports: ">=20.19",

  matches(value): value is HttpModuleLike {
    return looksLike<HttpModuleLike>(
      value,
      (module) => "request" in module && "globalAgent" in module && "createServer" in module,
    );
  },

  attach(_module, scope) {
    const { calls } = scope.domain;
    const begin = ({ request }: ClientMessage): void => calls.begin(request);
    const undo = [
      calls.listen(),
      // Node 20 has no `created`; begin() ignores a request that it knows.
      listenTo(scope.guard, "http.client", {
        "http.client.request.created": begin,
        "http.client.request.start": begin,
      }),
    ];
    return () => {
      for (const detach of undo) detach();
    };
  },
};
