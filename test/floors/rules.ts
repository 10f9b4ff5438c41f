import type { Arrow, ImportGraph, SourceModule } from "./import-graph.js";

interface Floor {
  readonly level: number;
  readonly files: RegExp;
}

const MAX_LINES = 300;

/**
 * The first pattern that fits counts; a file at the top that no other names is wiring. A domain's `face.ts`
 * hands its clients out by name, as the list of collectors does. Binding a client lifts a file by half a floor.
 */
const FLOORS: readonly Floor[] = [
  { level: 0, files: /^(bounded|errors|guard|channels|looks-like|shadow|process-exit)\.ts$/ },
  { level: 1, files: /^(metrics|logging|tracing)\// },
  { level: 2, files: /^(collector|catalog|operation|operation-log)\.ts$/ },
  { level: 4, files: /^collectors\/(index|[^/]+\/face)\.ts$/ },
  { level: 2, files: /^collectors\/buckets\.ts$/ },
  { level: 3, files: /^(health|collectors\/[^/]+)\// },
  { level: 5, files: /^(ops|page)\// },
  { level: 7, files: /^(index\.m?ts|cli\.ts|register\.ts|(cli|testing|register)\/.*)$/ },
  { level: 6, files: /^[a-z-]+\.ts$|^options\// },
];
const CLIENT_LEVEL = 3.5;

/** The rooms of a floor that know nothing of one another. */
const ROOM = /^(metrics|logging|tracing|health|collectors\/[^/]+)\//;

/** Arrows that may point up: the guard is ground, and its type stands beside the interface that hands it out. */
const EXCUSED: ReadonlySet<string> = new Set([
  "guard.ts -> collector.ts",
  "channels.ts -> collector.ts",
  "shadow.ts -> collector.ts",
]);

/** Packages that only one room may load; their types may be named elsewhere. */
const OWNERS: readonly { packages: RegExp; room: string }[] = [
  { packages: /^prom-client$/, room: "metrics" },
  { packages: /^pino(-.+)?$/, room: "logging" },
  { packages: /^@opentelemetry\/(?!api$)/, room: "tracing" },
];

/** Everything that is wrong with the house, one line each. */
export function faultsOf(graph: ImportGraph): string[] {
  const faults = [...graph].flatMap(([path, module]) => [
    ...sizeFaults(path, module),
    ...module.arrows.map((arrow) => arrowFault(graph, path, arrow)),
  ]);
  return [...faults, ...cycleFaults(graph)].filter((fault) => fault !== undefined);
}

function sizeFaults(path: string, { lines }: SourceModule): string[] {
  const faults = FLOORS.some(({ files }) => files.test(path)) ? [] : [`${path} stands on no floor`];
  return lines > MAX_LINES
    ? [...faults, `${path} has ${lines} lines, at most ${MAX_LINES} are allowed`]
    : faults;
}

function arrowFault(graph: ImportGraph, from: string, arrow: Arrow): string | undefined {
  const { to, kind } = arrow;
  if (!/\.m?ts$/.test(to)) return packageFault(from, arrow);
  const target = graph.get(to);
  if (!target) return `${from} imports ${to}, which does not exist`;
  if (kind === "type" && EXCUSED.has(`${from} -> ${to}`)) return undefined;
  const below = levelOf(from, graph.get(from));
  const above = levelOf(to, target);
  if (above > below) return `${from} (floor ${below}) imports ${to} (floor ${above}): imports go down only`;
  const [room, otherRoom] = [roomOf(from), roomOf(to)];
  const apart = room !== otherRoom && Math.floor(above) === Math.floor(below) && room && otherRoom;
  return apart ? `${from} imports ${to}: ${room}/ and ${otherRoom}/ know nothing of each other` : undefined;
}

function packageFault(from: string, { to, kind }: Arrow): string | undefined {
  if (to.startsWith("node:") || to === "@opentelemetry/api") return undefined;
  const room = roomOf(from);
  if (room?.startsWith("collectors/") && !(to === "pino" && kind === "type")) {
    return `${from} imports ${to}: a collector knows its client by shape`;
  }
  const owner = OWNERS.find(({ packages }) => packages.test(to));
  if (!owner || kind === "type" || room === owner.room) return undefined;
  return `${from} loads ${to}: only ${owner.room}/ does`;
}

function levelOf(path: string, module: SourceModule | undefined): number {
  const level = FLOORS.find(({ files }) => files.test(path))?.level ?? Number.POSITIVE_INFINITY;
  return module?.bindsClient && path.startsWith("collectors/") ? CLIENT_LEVEL : level;
}

function roomOf(path: string): string | undefined {
  return ROOM.exec(path)?.[1];
}

/** Circles of imports that run, found by walking depth first with the way back in hand. */
function cycleFaults(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const faults: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) faults.push(`a circle of imports: ${[...way.slice(start), path].join(" -> ")}`);
    if (start >= 0 || done.has(path)) return;
    for (const { to, kind } of graph.get(path)?.arrows ?? []) if (kind !== "type") walk(to, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return faults;
}
