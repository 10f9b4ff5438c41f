import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { serialize } from "node:v8";
import { describe, expect, it, onTestFinished } from "vitest";
import { encodeFrame, FRAME } from "../../../src/metrics/processes/frames.js";
import { createSource } from "../../../src/metrics/processes/group-source.js";
import { type FakeMember, fakeMember, gather, temporaryFolder } from "./fakes.js";

const USER = process.getuid?.() ?? 0;

function folderOf(temporary: string): string {
  return join(temporary, `telltale-${USER}`, "n-test");
}

/** Members that have all found their place. */
async function members(count: number, temporary = temporaryFolder()): Promise<FakeMember[]> {
  const all = Array.from({ length: count }, (_, i) => {
    const member = fakeMember({ temporary });
    member.journal.counts["jobs"] = 10 ** i;
    return member;
  });
  for (const member of all) await member.scrape();
  return all;
}

describe("a group", () => {
  it("answers with the sum of all, whichever member is asked", async () => {
    const all = await members(3);
    for (const member of all) expect(await member.scrape()).toEqual({ jobs: 111 });
    for (const member of all) member.journal.counts["jobs"] = 2;
    for (const member of all) expect(await member.scrape()).toEqual({ jobs: 6 });
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it("hears a member that was made a moment before the scrape", async () => {
    const temporary = temporaryFolder();
    const [first] = await members(1, temporary);
    const late = fakeMember({ temporary });
    late.journal.counts["jobs"] = 5;
    expect(await late.scrape()).toEqual({ jobs: 6 });
    expect(await first?.scrape()).toEqual({ jobs: 6 });
  });

  it("asks for changes only, once it knows everything", async () => {
    const [hub, peer] = (await members(2)) as [FakeMember, FakeMember];
    for (let i = 0; i < 3; i++) {
      peer.journal.counts["jobs"] = i;
      expect(await hub.scrape()).toEqual({ jobs: 1 + i });
    }
    expect(peer.journal.calls.whole).toBe(1);
  });

  it("keeps what a member counted that left in order, exactly", async () => {
    const [hub, peer] = (await members(2)) as [FakeMember, FakeMember];
    await hub.scrape();
    peer.journal.counts["jobs"] = 77;
    await peer.group.close();
    await expect.poll(() => hub.scrape()).toEqual({ jobs: 78 });
    expect(await peer.scrape()).toBeUndefined();
  });

  it("goes on under another hub when the hub leaves, and nothing is counted twice", async () => {
    const all = await members(3);
    await all[1]?.scrape();
    await all[0]?.group.close();
    for (const member of all.slice(1)) expect(await member.scrape()).toEqual({ jobs: 111 });
    await all[1]?.group.close();
    expect(await all[2]?.scrape()).toEqual({ jobs: 111 });
  });

  it("begins anew when none of a named group's processes is left", async () => {
    const temporary = temporaryFolder();
    mkdirSync(folderOf(temporary), { recursive: true, mode: 0o700 });
    const dead = createSource().replace(/^\d+/, "4194305");
    const told = serialize({ isWhole: true, counts: { jobs: 1000 } });
    writeFileSync(join(folderOf(temporary), `${dead}.log`), encodeFrame(FRAME.whole, told));
    const [only] = await members(1, temporary);
    expect(await only?.scrape()).toEqual({ jobs: 1 });
  });

  it("shows a silent member's last known values in time, says so, and is whole again afterwards", async () => {
    const temporary = temporaryFolder();
    const hub = fakeMember({ temporary, timeoutMs: 50 });
    await hub.scrape();
    const peer = fakeMember({ temporary });
    peer.journal.counts["jobs"] = 3;
    expect(await peer.scrape()).toEqual({ jobs: 3 });
    let answer: () => void = () => undefined;
    peer.journal.hold = new Promise((resolve) => {
      answer = resolve;
    });
    peer.journal.counts["jobs"] = 4;
    expect(await hub.scrape()).toEqual({ jobs: 3 });
    expect(hub.heard.at(-1)).toEqual({ answered: 0, silent: 1 });
    answer();
    expect(await hub.scrape()).toEqual({ jobs: 4 });
    expect(hub.heard.at(-1)).toEqual({ answered: 1, silent: 0 });
  });

  it("counts one that is gone without a word among the silent", async () => {
    const temporary = temporaryFolder();
    const first = fakeMember({ temporary });
    const lost = createSource();
    await first.scrape();
    const told = serialize({ isWhole: true, counts: { jobs: 7 } });
    writeFileSync(join(folderOf(temporary), `${lost}.log`), encodeFrame(FRAME.whole, told));
    const second = fakeMember({ temporary });
    await second.scrape();
    await first.group.close();
    expect(await second.scrape()).toEqual({ jobs: 7 });
    expect(second.heard.at(-1)).toEqual({ answered: 0, silent: 1 });
  });

  it("asks a member once for scrapes that come while it is asked", async () => {
    const [hub, peer] = (await members(2)) as [FakeMember, FakeMember];
    const before = peer.journal.calls.collected;
    await Promise.all(Array.from({ length: 20 }, () => hub.scrape()));
    expect(peer.journal.calls.collected - before).toBeLessThanOrEqual(2);
  });

  it("passes a large answer on piece by piece, and waits for a slow reader", async () => {
    const temporary = temporaryFolder();
    const text = "0123456789".repeat(400_000);
    const [, peer] = [0, 1].map(() =>
      fakeMember({
        temporary,
        createSum: () => ({
          fleet: { apply: () => undefined, retire: () => undefined, legacy: () => ({}) } as never,
          async expose(writable) {
            for (let at = 0; at < text.length; at += 50_000)
              if (!writable.write(text.slice(at, at + 50_000)))
                await new Promise((resolve) => writable.once("drain", resolve));
            writable.end();
          },
          release: () => undefined,
        }),
      }),
    ) as [FakeMember, FakeMember];
    const out = gather();
    let highest = 0;
    const write = out._write.bind(out);
    out._write = (chunk, encoding, done) => {
      highest = Math.max(highest, out.writableLength);
      setImmediate(() => write(chunk, encoding, done));
    };
    expect(await peer.group.scrape(out, { format: "text" })).toBe(true);
    await new Promise((resolve) => (out.writableFinished ? resolve(undefined) : out.once("finish", resolve)));
    expect(out.text()).toBe(text);
    expect(highest).toBeLessThan(text.length / 4);
  });
});

describe("the socket of a hub", () => {
  const sockets = (temporary: string) =>
    readdirSync(folderOf(temporary)).filter((file) => file.endsWith(".sock"));

  it("survives whatever is written to it", async () => {
    const temporary = temporaryFolder();
    const hub = fakeMember({ temporary, timeoutMs: 100 });
    hub.journal.counts["jobs"] = 1;
    await hub.scrape();
    const address = join(folderOf(temporary), sockets(temporary)[0] ?? "");
    const hostile = [
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 1]),
      encodeFrame(FRAME.hello, Buffer.from("garbage")),
      encodeFrame(FRAME.hello, serialize("../../etc/passwd")),
      encodeFrame(FRAME.scrape, serialize(null)),
      encodeFrame(FRAME.whole, serialize({})),
      Buffer.concat([
        encodeFrame(FRAME.hello, serialize(createSource())),
        encodeFrame(FRAME.whole, Buffer.from("garbage")),
      ]),
      Buffer.concat([
        encodeFrame(FRAME.hello, serialize(createSource())),
        encodeFrame(FRAME.whole, serialize(7)),
      ]),
    ];
    for (const bytes of hostile) {
      const socket = connect(address);
      onTestFinished(() => void socket.destroy());
      socket.on("error", () => undefined);
      socket.write(bytes);
      socket.resume();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await hub.scrape()).toEqual({ jobs: 1 });
    }
  });

  it("is taken over when it is stale", async () => {
    const temporary = temporaryFolder();
    mkdirSync(folderOf(temporary), { recursive: true, mode: 0o700 });
    writeFileSync(join(folderOf(temporary), "7.sock"), "");
    const all = await members(3, temporary);
    for (const member of all) expect(await member.scrape()).toEqual({ jobs: 111 });
    expect(sockets(temporary)).toEqual(["8.sock"]);
  });

  it("lies in a folder for this user alone", () => {
    const temporary = temporaryFolder();
    const parts = { key: { folder: "n-test" }, temporary };
    mkdirSync(join(temporary, `telltale-${USER}`), { mode: 0o755 });
    expect(() => fakeMember(parts)).toThrow(/belongs to user \d+ alone/);
    mkdirSync(join(temporary, "elsewhere"), { mode: 0o700 });
    rmSync(join(temporary, `telltale-${USER}`), { recursive: true });
    symlinkSync(join(temporary, "elsewhere"), join(temporary, `telltale-${USER}`));
    expect(() => fakeMember(parts)).toThrow(/belongs to user \d+ alone/);
    expect(existsSync(folderOf(temporary))).toBe(false);
  });
});
