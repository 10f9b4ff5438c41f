import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { createRooms } from "./rooms.mjs";

const FAILS_EVERY = 3;
const EXPORT_MS = 400;

/**
 * The chat service. All that observes it: the three lines after `express()`, the metrics of its own, one health
 * check. `selfUrl()` is where it reaches itself; in a larger system the moderation would be another service.
 */
export function createService(obs, selfUrl) {
  const rooms = createRooms();
  const app = express();
  app.use(obs.express());
  app.use(obs.health.router());
  app.get("/metrics", obs.metrics.handler());
  obs.health.registerHealthCheck(
    "moderation",
    async ({ signal }) => (await fetch(`${selfUrl()}/live`, { signal })).ok,
  );
  const metrics = declareMetrics(obs.metrics, rooms);

  app.use(express.json());
  app.use("/rooms", roomRoutes({ rooms, metrics, moderate: moderator(selfUrl), tracer: obs.tracer }));
  app.post("/moderation", (req, res) => {
    res.json({ verdict: /spam/i.test(req.body.text) ? "rejected" : "accepted" });
  });
  app.use(errorHandler(obs.logger.component("chat")));
  return { app, endStreams: rooms.endStreams };
}

function declareMetrics(metrics, rooms) {
  const gauge = metrics.gauge({
    name: "chat_rooms",
    help: "Rooms that exist.",
    collect: () => gauge.set(rooms.count()),
  });
  return metrics.counter({
    name: "chat_messages_total",
    help: "Messages posted, by the verdict of the moderation.",
    labelNames: ["verdict"],
  });
}

function roomRoutes({ rooms, metrics, moderate, tracer }) {
  const router = express.Router();
  let summaries = 0;

  router.param("room", (req, res, next, name) => {
    req.room = rooms.get(name);
    if (req.room === undefined) res.status(404).json({ error: "no such room" });
    else next();
  });

  router.post("/", (req, res) => res.status(201).json({ name: rooms.create(req.body.name).name }));
  router.get("/:room/messages", (req, res) => res.json(req.room.messages));
  router.get("/:room/events", (req, res) => rooms.subscribe(req.room, res));

  router.post("/:room/messages", async (req, res) => {
    const verdict = await moderate(req.body.text);
    metrics.inc({ verdict });
    if (verdict !== "accepted") return void res.status(422).json({ error: "the message was not accepted" });
    await tracer.startActiveSpan("store message", async (span) => {
      await sleep(2);
      rooms.post(req.room, { from: req.body.from, text: req.body.text });
      span.end();
    });
    res.status(201).json({ stored: true });
  });

  router.get("/:room/summary", (req, res) => {
    if (++summaries % FAILS_EVERY === 0) throw new Error("the summary could not be made");
    res.json({ messages: req.room.messages.length, listeners: req.room.listeners.size });
  });

  // Slow enough for a client to lose its patience.
  router.get("/:room/export", async (req, res) => {
    await sleep(EXPORT_MS);
    res.json(req.room.messages);
  });

  return router;
}

function moderator(selfUrl) {
  return async (text) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${selfUrl()}/moderation`, {
      method: "POST",
      headers,
      body: JSON.stringify({ text }),
    });
    const { verdict } = await answer.json();
    return verdict;
  };
}

// Express finds an error handler by its four parameters.
function errorHandler(log) {
  return (error, _req, res, _next) => {
    log.error({ err: error }, "request failed");
    res.status(500).json({ error: "internal error" });
  };
}
