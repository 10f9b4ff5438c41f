import { expect, it } from "vitest";
import type { Rename } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";

type Type = "counter" | "gauge" | "histogram";

/** What is wanted in the exposition, what is declared for it, and the rename between the two. */
type Row = readonly [
  wanted: string,
  type: Type,
  declared: string,
  labels: readonly string[],
  rename?: Rename,
];

const bare = (type: Type, ...names: string[]): Row[] => names.map((name) => [name, type, name, []]);
const http = ["method", "route", "status"];

const CHAT: Row[] = [
  [
    "http_requests_total{method,path,status}",
    "counter",
    "http_requests_total",
    http,
    { labels: { route: "path" } },
  ],
  [
    "http_request_duration_seconds{method,path}",
    "histogram",
    "http_request_duration_seconds",
    http,
    { labels: { route: "path", status: false } },
  ],
  ["ws_connections_total", "gauge", "websocket_connections", [], { name: "ws_connections_total" }],
  [
    "ws_messages_total{type}",
    "counter",
    "websocket_messages_total",
    ["direction", "type"],
    { name: "ws_messages_total", labels: { direction: false } },
  ],
  [
    "db_operations_total{operation,collection}",
    "counter",
    "db_operations_total",
    ["operation", "collection", "outcome"],
    { labels: { outcome: false } },
  ],
  [
    "db_operation_duration_seconds{operation,collection}",
    "histogram",
    "db_operation_duration_seconds",
    ["operation", "collection", "outcome"],
    { labels: { outcome: false } },
  ],
];

const FECHATTER: Row[] = [
  ["fechatter_http_requests_total{service,status}", "counter", "http_requests_total", ["service", "status"]],
  ["fechatter_http_errors_total{service,status}", "counter", "http_errors_total", ["service", "status"]],
  ["fechatter_http_request_duration_seconds", "histogram", "http_request_duration_seconds", []],
  [
    "fechatter_db_connections_active",
    "gauge",
    "db_pool_connections_used",
    [],
    { name: "fechatter_db_connections_active" },
  ],
  [
    "notify_nats_subscription_active",
    "gauge",
    "messaging_subscription_up",
    [],
    { name: "notify_nats_subscription_active" },
  ],
  ["http_errors_total", "counter", "errors_total", [], { name: "http_errors_total" }],
  [
    "process_resident_memory_bytes",
    "gauge",
    "process_resident_memory_bytes",
    [],
    { name: "process_resident_memory_bytes" },
  ],
];

const CHATROOM: Row[] = [
  [
    "chatroom_http_requests_total{status}",
    "counter",
    "http_requests_total",
    http,
    { labels: { method: false, route: false } },
  ],
  ["chatroom_http_request_duration_seconds", "histogram", "http_request_duration_seconds", []],
  [
    "chatroom_websocket_connections_active",
    "gauge",
    "websocket_connections",
    [],
    { name: "chatroom_websocket_connections_active" },
  ],
  [
    "chatroom_websocket_connections_total",
    "counter",
    "websocket_connections_opened_total",
    [],
    { name: "chatroom_websocket_connections_total" },
  ],
  [
    "chatroom_websocket_disconnections_total",
    "counter",
    "websocket_connections_closed_total",
    ["code"],
    { name: "chatroom_websocket_disconnections_total", labels: { code: false } },
  ],
  ["chatroom_messages_total", "counter", "messages_total", []],
  ["chatroom_users_online", "gauge", "users_online", []],
  [
    "chatroom_exceptions_total",
    "counter",
    "exceptions_total",
    ["type", "handled"],
    { labels: { type: false, handled: false } },
  ],
];

// The document names labels and not metrics.
const SHOP: Row[] = [
  [
    "queue_dead_letters_total{queue_name,reason}",
    "counter",
    "queue_dead_letters_total",
    ["queue", "reason"],
    { labels: { queue: "queue_name" } },
  ],
  [
    "queue_messages_unacked{queue_name}",
    "gauge",
    "queue_messages_unacked",
    ["queue"],
    { labels: { queue: "queue_name" } },
  ],
  ["queue_depth{queue_name}", "gauge", "queue_depth", ["queue"], { labels: { queue: "queue_name" } }],
  [
    "messaging_connections{consumer_id,producer_id}",
    "gauge",
    "messaging_connections",
    ["consumer", "producer"],
    { labels: { consumer: "consumer_id", producer: "producer_id" } },
  ],
  [
    "http_requests_by_instance_total{instance}",
    "counter",
    "http_requests_by_instance_total",
    ["host"],
    { labels: { host: "instance" } },
  ],
  [
    "http_requests_by_user_total{user}",
    "counter",
    "http_requests_by_user_total",
    ["client"],
    { labels: { client: "user" } },
  ],
  ["db_connections{user_role}", "gauge", "db_connections", ["role"], { labels: { role: "user_role" } }],
  [
    "db_operation_duration_seconds{query_type}",
    "histogram",
    "db_operation_duration_seconds",
    ["operation", "outcome"],
    { labels: { operation: "query_type", outcome: false } },
  ],
  [
    "s3_requests_total{bucket_name,operation}",
    "counter",
    "s3_requests_total",
    ["bucket", "operation", "outcome"],
    { labels: { bucket: "bucket_name", outcome: false } },
  ],
  [
    "s3_object_size_bytes{bucket_name,user}",
    "histogram",
    "s3_object_size_bytes",
    ["bucket", "user"],
    { labels: { bucket: "bucket_name" } },
  ],
  [
    "http_received_kilobytes",
    "histogram",
    "http_request_size_bytes",
    [],
    { name: "http_received_kilobytes", scale: 0.001 },
  ],
];

const MTPROTO: Row[] = [
  ...bare(
    "counter",
    "connections_total",
    "failed_connections_total",
    "requests_total",
    "bytes_transferred_total",
    "encryption_operations_total",
    "authentication_attempts_total",
    "blocked_connections_total",
    "rate_limited_requests_total",
    "detected_threats_total",
  ),
  ...bare("histogram", "connection_duration_seconds", "request_duration_seconds"),
  ...bare("gauge", "active_connections", "memory_usage_bytes"),
].map(([name, type, declared, labels]): Row => [`mtproto_${name}`, type, declared, labels]);
const MTPROTO_PROCESS: Row[] = [
  [
    "mtproto_cpu_usage_percent",
    "gauge",
    "cpu_usage_ratio",
    [],
    { name: "mtproto_cpu_usage_percent", scale: 100 },
  ],
  ["mtproto_fd_count", "gauge", "process_open_fds", [], { name: "mtproto_fd_count" }],
  ["mtproto_thread_count", "gauge", "process_threads", [], { name: "mtproto_thread_count" }],
];

const DOCUMENTS: [string, string, Row[]][] = [
  ["the chat service", "", CHAT],
  ["Fechatter", "fechatter_", FECHATTER],
  ["the chat room", "chatroom_", CHATROOM],
  ["the shop", "", SHOP],
  ["the proxy", "mtproto_", [...MTPROTO, ...MTPROTO_PROCESS]],
];

/** Families of a text as `name{label,label}` and their type. */
function shownIn(text: string): Record<string, string> {
  const shown = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => {
    const line = new RegExp(`^${name}(?:_count)?(?:{(.*)})? \\S+$`, "m").exec(text)?.[1] ?? "";
    const labels = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label);
    return [labels.length === 0 ? name : `${name}{${labels.join(",")}}`, type];
  });
  return Object.fromEntries(shown) as Record<string, string>;
}

it.each(DOCUMENTS)(
  "%s has its metrics under exactly the names that it asks for",
  async (_title, prefix, rows) => {
    const renames = rows.flatMap(([, , declared, , rename]) =>
      rename === undefined ? [] : [[declared, rename]],
    );
    const { metrics, told } = createFixture({ prefix, rename: Object.fromEntries(renames) });
    for (const [, type, name, labelNames] of rows) {
      const labels = Object.fromEntries(labelNames.map((label) => [label, "x"]));
      const record = {
        counter: () => metrics.counter({ name, help: "h", labelNames }).inc(labels),
        gauge: () => metrics.gauge({ name, help: "h", labelNames }).set(labels, 1),
        histogram: () => metrics.histogram({ name, help: "h", labelNames }).observe(labels, 1),
      };
      record[type]();
    }
    expect(shownIn(await metrics.text())).toEqual(
      Object.fromEntries(rows.map(([wanted, type]) => [wanted, type])),
    );
    expect([told, metrics.naming.unused()]).toEqual([[], []]);
  },
);
