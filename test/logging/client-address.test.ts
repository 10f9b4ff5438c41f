import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tellAddress } from "../../src/logging/client-address.js";

describe("tellAddress", () => {
  it.each<[string, string]>([
    ["203.0.113.9", "203.0.113.0"],
    ["::ffff:203.0.113.9", "203.0.113.0"],
    ["2001:db8:7:1234::1", "2001:db8:7::"],
    ["2001:0DB8:0007:0:0:0:0:1", "2001:db8:7::"],
    ["2001:db8::1", "2001:db8::"],
    ["fe80::1%eth0", "fe80::"],
    ["::1", "::"],
    ["1::", "1::"],
    ["0:0:5:6::7", "0:0:5::"],
    ["64:ff9b::203.0.113.9", "64:ff9b::"],
  ])("masks %s as %s", (address, masked) => {
    expect(tellAddress(address, "masked")).toBe(masked);
  });

  it("keeps the network of an IPv6 address and nothing else, however it is written", () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const masked = tellAddress(groups.map((value) => value.toString(16)).join(":"), "masked") ?? "";
        expect(isIPv6(masked)).toBe(true);
        const [head = ""] = masked.split("::");
        const kept = head === "" ? [] : head.split(":").map((text) => Number.parseInt(text, 16));
        expect([...kept, 0, 0, 0].slice(0, 3)).toEqual(groups.slice(0, 3));
      }),
    );
  });

  it("tells the whole address when asked to, without a zone, and none when asked not to", () => {
    expect(tellAddress("::ffff:203.0.113.9", "full")).toBe("203.0.113.9");
    expect(tellAddress("fe80::1%eth0", "full")).toBe("fe80::1");
    expect(tellAddress("203.0.113.9", "none")).toBeUndefined();
  });

  it("tells nothing that is no address", () => {
    for (const address of [undefined, "", "host", "/run/a.sock", 5, "1.2.3", "1.2.3.4:80"])
      for (const how of ["full", "masked"] as const) expect(tellAddress(address, how)).toBeUndefined();
  });
});
