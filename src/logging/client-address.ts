import { isIPv4, isIPv6 } from "node:net";

/** How much of a client's address is told. */
export type ClientAddress = "full" | "masked" | "none";

const MAPPED = "::ffff:";

/**
 * An address as it may be told: `masked` keeps the network, 203.0.113.0 of an IPv4 address (/24) and 2001:db8:7:: of an
 * IPv6 one (/48). Undefined for what is no IP address, and for every address under `none`. A zone is never told.
 */
export function tellAddress(address: unknown, how: ClientAddress): string | undefined {
  if (how === "none" || typeof address !== "string") return undefined;
  const bare =
    address.startsWith(MAPPED) && isIPv4(address.slice(MAPPED.length))
      ? address.slice(MAPPED.length)
      : address;
  if (isIPv4(bare)) return how === "full" ? bare : `${bare.slice(0, bare.lastIndexOf("."))}.0`;
  if (!isIPv6(bare)) return undefined;
  const zone = bare.indexOf("%");
  const plain = zone === -1 ? bare : bare.slice(0, zone);
  return how === "full" ? plain : `${firstGroups(plain, 3)}::`;
}

/** The first groups of an IPv6 address, those that `::` stands for written out. */
function firstGroups(address: string, count: number): string {
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  // An IPv4 tail takes the room of two groups.
  const taken = behind.length + (behind.at(-1)?.includes(".") === true ? 1 : 0);
  while (tail !== undefined && groups.length + taken < 8) groups.push("0");
  const kept = [...groups, ...behind]
    .slice(0, count)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase());
  while (kept.at(-1) === "0") kept.pop();
  return kept.join(":");
}
