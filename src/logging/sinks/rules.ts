import type { MemberRule } from "./maker.js";

/** The same, for a member that has to be there. */
export function required(rule: MemberRule): MemberRule {
  return { ...rule, isRequired: true };
}

/** Any text that is not empty. */
export const text: MemberRule = {
  expected: "a non-empty string",
  accepts: (value) => typeof value === "string" && value.trim() !== "",
};

/** true or false. */
export const flag: MemberRule = {
  expected: "true or false",
  accepts: (value) => typeof value === "boolean",
};

/** A whole number of at least `min`. */
export function integer(min: number): MemberRule {
  return {
    expected: `a whole number of at least ${min}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min,
  };
}

/** An object whose members are text. */
export const texts: MemberRule = {
  expected: "an object of strings",
  accepts: (value) => isObject(value) && Object.values(value).every((member) => typeof member === "string"),
};

/** An absolute URL of http or https. */
export const url: MemberRule = {
  expected: "an http or https URL",
  accepts: (value) => typeof value === "string" && /^https?:$/.test(protocolOf(value)),
};

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return "";
  }
}

/** An object that is no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
