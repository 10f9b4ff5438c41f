import { readFileSync } from "node:fs";

const ID = /[0-9a-f]{64}/;
// Of version 1: the last part of the path, with what the runtime puts around it, such as `docker-….scope`.
const CGROUP = /^\d+:[^:]*:.*\/[^/]*?([0-9a-f]{64})[^/]*$/;

/**
 * The id of the container that this process runs in; undefined outside of one, or where the runtime hides it. Version 1
 * of Linux' control groups says it in /proc/self/cgroup, version 2 only by the files that the runtime mounts.
 */
export function containerId(read: (path: string) => string = readText): string | undefined {
  return fromCgroup(read("/proc/self/cgroup")) ?? fromMounts(read("/proc/self/mountinfo"));
}

function fromCgroup(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const id = CGROUP.exec(line.trim())?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

// The sandbox of a pod has an id too, which is not the container's.
function fromMounts(text: string): string | undefined {
  const line = text
    .split("\n")
    .find((each) => each.includes("/hostname ") && ID.test(each) && !each.includes("/sandboxes/"));
  return line === undefined ? undefined : ID.exec(line)?.[0];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
