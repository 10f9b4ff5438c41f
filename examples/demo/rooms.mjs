const KEPT_MESSAGES = 100;

/** The rooms of the chat, in memory. */
export function createRooms() {
  const rooms = new Map();

  function create(name) {
    const room = { name, messages: [], listeners: new Set() };
    rooms.set(name, room);
    return room;
  }

  function post(room, message) {
    room.messages.push(message);
    if (room.messages.length > KEPT_MESSAGES) room.messages.shift();
    for (const listener of room.listeners) listener.write(`data: ${JSON.stringify(message)}\n\n`);
  }

  /** Sends the messages to come to `res` as server-sent events until either side closes it. */
  function subscribe(room, res) {
    res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    res.write(": welcome\n\n");
    room.listeners.add(res);
    res.once("close", () => room.listeners.delete(res));
  }

  function endStreams() {
    for (const { listeners } of rooms.values()) for (const listener of listeners) listener.end();
  }

  return { create, get: (name) => rooms.get(name), count: () => rooms.size, post, subscribe, endStreams };
}
