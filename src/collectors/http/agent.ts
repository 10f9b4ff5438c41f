import type { Collector } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import type { ClientRequestLike } from "./client/calls.js";

/** An http.Agent or https.Agent, or one of npm's that extends them. */
export interface AgentLike {
  addRequest(request: ClientRequestLike, ...rest: unknown[]): unknown;
  readonly sockets: object;
  readonly requests: object;
}

/** Observes the requests of one agent before their headers are sent, so that they carry `traceparent` on Node 20 too. */
export const agent: Collector<AgentLike, object, "http"> = {
  name: "agent",
  domain: "http",
  supports: ">=20.19",

  matches(value): value is AgentLike {
    return looksLike<AgentLike>(
      value,
      (one) => typeof one.addRequest === "function" && "sockets" in one && "requests" in one,
    );
  },

  attach(target, scope) {
    const { calls } = scope.domain;
    let attached = true;
    const unlisten = calls.listen();
    const addRequest = target.addRequest;
    function observed(this: AgentLike, request: ClientRequestLike, ...rest: unknown[]): unknown {
      if (attached) scope.guard("http.client", () => calls.begin(request));
      return addRequest.call(this, request, ...rest);
    }
    const restore = shadow(target, "addRequest", observed);
    return () => {
      attached = false;
      unlisten();
      restore();
    };
  },
};
