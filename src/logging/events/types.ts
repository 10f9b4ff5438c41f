/** What any event may tell. Texts are redacted and cut as those of every line are. */
export interface EventFacts {
  /** Address of the client; told as far as `logging.clientAddress` allows. */
  readonly clientIp?: string | undefined;
  readonly connectionId?: string | number | undefined;
  readonly userId?: string | number | undefined;
  readonly protocol?: string | undefined;
  readonly protocolVersion?: string | number | undefined;
  /** Why, in a word or a sentence. */
  readonly reason?: string | undefined;
  /** What was thrown. */
  readonly error?: unknown;
  /** Milliseconds; written in seconds, as `duration_seconds`. */
  readonly durationMs?: number | undefined;
  /** Anything else; the names above win. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** How something that was tried came out. */
export interface WithOutcome extends EventFacts {
  readonly outcome: "success" | "failure" | "denied";
}

/** Writes an event. Never throws. */
export type WriteEvent<Facts extends EventFacts = EventFacts> = (facts: Facts) => void;

/** Who comes and goes: component `access`, level info; failures and violations warn. */
export interface AccessEvents {
  readonly connect: WriteEvent;
  readonly disconnect: WriteEvent;
  readonly auth: WriteEvent<WithOutcome & { readonly method?: string | undefined }>;
  readonly forward: WriteEvent<
    EventFacts & { readonly upstream: string; readonly outcome?: WithOutcome["outcome"] }
  >;
  readonly protocolViolation: WriteEvent;
}

/** What points to an attack: component `security`, level warn. */
export interface SecurityEvents {
  readonly suspicious: WriteEvent<EventFacts & { readonly reason: string }>;
  readonly blocked: WriteEvent<EventFacts & { readonly reason: string; readonly rule?: string | undefined }>;
  readonly rateLimit: WriteEvent<
    EventFacts & { readonly limiter: string; readonly limit?: number; readonly windowMs?: number }
  >;
  readonly certificate: WriteEvent<
    EventFacts & { readonly reason: string; readonly subject?: string; readonly validTo?: string | Date }
  >;
}

/** What makes a service slow: component `performance`, level warn. */
export interface PerformanceEvents {
  readonly slowOperation: WriteEvent<
    EventFacts & { readonly operation: string; readonly durationMs: number; readonly thresholdMs?: number }
  >;
  readonly exhaustion: WriteEvent<
    EventFacts & { readonly resource: string; readonly used: number; readonly limit: number }
  >;
  readonly cacheRatio: WriteEvent<
    EventFacts & { readonly cache: string; readonly hitRatio: number; readonly threshold?: number }
  >;
  readonly errorGrowth: WriteEvent<
    EventFacts & {
      readonly operation: string;
      readonly errors: number;
      readonly before: number;
      readonly windowMs?: number;
    }
  >;
}

/** Who did what to what, and how it came out: component `audit`, level info. */
export type WriteAudit = WriteEvent<
  WithOutcome & { readonly actor: string | number; readonly action: string; readonly target: string }
>;

/** A message of a WebSocket: its kind and size, never what it said. Component `websocket`, level info. */
export type WriteWsEvent = WriteEvent<
  EventFacts & {
    readonly type: string;
    readonly direction?: "in" | "out";
    readonly sizeBytes?: number;
    readonly chatId?: string | number;
  }
>;

/** Typed helpers for the events that a service tells of itself. */
export interface Events {
  readonly access: AccessEvents;
  readonly security: SecurityEvents;
  readonly performance: PerformanceEvents;
  readonly audit: WriteAudit;
  readonly ws: WriteWsEvent;
  /** Writes an error with type, message, stack and causes, and what was known at the time. Component `error`. Never throws. */
  error(error: unknown, context?: Readonly<Record<string, unknown>>): void;
}
