import { describe, expect, it } from "vitest";
import { containerId } from "../../src/tracing/container-id.js";

const ID = "3f4e2c".padEnd(64, "a");
const OTHER = "b".repeat(64);

const files =
  (cgroup: string, mountinfo = "") =>
  (path: string): string =>
    path === "/proc/self/cgroup" ? cgroup : mountinfo;

describe("containerId", () => {
  it.each([
    ["docker", `12:memory:/docker/${ID}\n`],
    ["systemd", `0::/system.slice/docker-${ID}.scope\n`],
    ["kubernetes", `11:cpu,cpuacct:/kubepods/burstable/pod2c4-a/${ID}\n1:name=systemd:/\n`],
    ["containerd", `1:name=systemd:/kubepods.slice/cri-containerd-${ID}.scope\n`],
  ])("is read from the control group of %s", (_runtime, cgroup) => {
    expect(containerId(files(cgroup))).toBe(ID);
  });

  it.each([
    ["docker", `1 2 8:1 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw - ext4 /dev/sda1 rw`],
    ["podman", `1 2 0:1 /user/overlay-containers/${ID}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw`],
  ])("is read from what %s mounts, where the control groups are of version 2", (_runtime, line) => {
    expect(containerId(files("0::/\n", `9 9 0:1 / /proc rw - proc proc rw\n${line}\n`))).toBe(ID);
  });

  it("is not that of the pod's sandbox", () => {
    const line = `1 2 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${OTHER}/hostname /etc/hostname rw`;
    expect(containerId(files("0::/\n", line))).toBeUndefined();
  });

  it("is none outside of a container, and where the files are not there", () => {
    expect(containerId(files("0::/user.slice/user-1000.slice/session-2.scope\n"))).toBeUndefined();
    expect(containerId(files("", ""))).toBeUndefined();
  });
});
