import { request } from "node:http";

const PATIENCE_MS = 120;
const SPAM_EVERY = 20;
const FIRST = ["ada", "grace", "linus", "margaret"];

/** What clients of the chat do, over and over; each is called with the address of the service and a number that grows. */
export const SCENARIOS = [
  postMessage,
  readMessages,
  readSummary,
  postMessage,
  readMessages,
  exportAndLeave,
  readMessages,
  readSummary,
  scanForHoles,
  readUnknownRoom,
];

/** Makes the rooms that the others speak in. */
export async function openRooms(baseUrl) {
  for (const name of ["lobby", "ops"]) await post(`${baseUrl}/rooms`, { name });
}

/** Listens to a room's events until `signal` ends it. */
export async function follow(baseUrl, signal) {
  const response = await fetch(`${baseUrl}/rooms/lobby/events`, { signal });
  for await (const _chunk of response.body);
}

function postMessage(baseUrl, n) {
  const text = n % SPAM_EVERY === 0 ? "Buy spam now" : `message ${n}`;
  return post(`${baseUrl}/rooms/${roomOf(n)}/messages`, { from: FIRST[n % FIRST.length], text });
}

function readMessages(baseUrl, n) {
  return get(`${baseUrl}/rooms/${roomOf(n)}/messages?since=${n}`);
}

function readSummary(baseUrl) {
  return get(`${baseUrl}/rooms/lobby/summary`);
}

function readUnknownRoom(baseUrl, n) {
  return get(`${baseUrl}/rooms/room-${n}/messages`);
}

// Another path each time: the metrics must not grow by it.
function scanForHoles(baseUrl, n) {
  return get(`${baseUrl}/wp-content/plugins/${n}/setup.php`);
}

/** Asks for the slow export and hangs up before it comes. */
function exportAndLeave(baseUrl) {
  return new Promise((resolve) => {
    const call = request(`${baseUrl}/rooms/lobby/export`);
    call.on("error", resolve);
    call.on("close", resolve);
    call.end();
    setTimeout(() => call.destroy(), PATIENCE_MS);
  });
}

function roomOf(n) {
  return n % 3 === 0 ? "ops" : "lobby";
}

async function get(url) {
  const response = await fetch(url);
  await response.arrayBuffer();
}

async function post(url, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
}
