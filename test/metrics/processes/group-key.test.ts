import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { anchorOf, clusterGroup, findGroup } from "../../../src/metrics/processes/group-key.js";
import { createSource, isRunning, isSource, stateOf } from "../../../src/metrics/processes/group-source.js";

const alone = { service: "chat", group: undefined, env: {}, ppid: process.ppid, isWorker: false };
const pm2 = { pm_id: "3", name: "api", namespace: "default", exec_mode: "cluster_mode" };

describe("the group of a process", () => {
  it("is none for a process on its own", () => {
    expect(findGroup(alone)).toBeUndefined();
  });

  it("is, in a worker of node:cluster, the one that its primary finds", () => {
    const worker = findGroup({ ...alone, isWorker: true, ppid: process.pid });
    expect(worker).toEqual(clusterGroup("chat", process.pid));
    expect(worker?.anchor).toBe(process.pid);
  });

  it("tells the services, the primaries and the names apart", () => {
    const named = (group: string, service = "chat") => findGroup({ ...alone, group, service })?.folder;
    const folders = [
      clusterGroup("chat", process.pid).folder,
      clusterGroup("mail", process.pid).folder,
      clusterGroup("chat", process.ppid).folder,
      named("a"),
      named("b"),
      named("a", "mail"),
      findGroup({ ...alone, env: pm2 })?.folder,
    ];
    expect(new Set(folders).size).toBe(folders.length);
  });

  it("is one for each application in PM2's cluster mode, and none in its fork mode", () => {
    const of = (env: object) => findGroup({ ...alone, env: { ...pm2, ...env } });
    expect(of({ pm_id: "4" })).toEqual(of({}));
    expect(of({ name: "web" })?.folder).not.toBe(of({})?.folder);
    expect(of({ namespace: "blue" })?.folder).not.toBe(of({})?.folder);
    expect(of({})?.anchor).toBe(process.ppid);
    expect(of({ exec_mode: "fork_mode" })).toBeUndefined();
    expect(of({ pm_id: undefined })).toBeUndefined();
  });

  it("is the named one, whatever else is found", () => {
    const named = findGroup({ ...alone, group: "a" });
    expect(findGroup({ ...alone, group: "a", env: pm2, isWorker: true })).toEqual(named);
    expect(named?.anchor).toBeUndefined();
  });

  it("has a folder that names its primary, and no other does", () => {
    expect(anchorOf(clusterGroup("chat", process.pid).folder)).toEqual({
      pid: process.pid,
      start: stateOf(process.pid).start,
    });
    expect(anchorOf(findGroup({ ...alone, group: "a" })?.folder ?? "")).toBeUndefined();
  });
});

describe("a source", () => {
  it("is running while its process is, and not when another has its pid", () => {
    const source = createSource();
    expect(isSource(source)).toBe(true);
    expect(isRunning(source)).toBe(true);
    expect(isRunning(source.replace(/-\d+-/, "-12345-"))).toBe(false);
    expect(isRunning("4194305-0-00000000")).toBe(false);
  });

  it("is not running once its process has ended, though nobody has taken note of it", async () => {
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 20"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    await expect.poll(() => stateOf(Number(line.toString())).isAlive).toBe(false);
  });

  it("is never a path", () => {
    for (const bad of ["../1-2-00000000", "1-2-00000000/x", "", "1-2-0000000g", 7, undefined])
      expect(isSource(bad)).toBe(false);
  });

  it("is one for each instance of a process", () => {
    expect(createSource()).not.toBe(createSource());
  });
});
