import { createHash, timingSafeEqual } from "node:crypto";
import { lowerLevel } from "./present.js";
import type { HealthRequest } from "./router.js";
import type { DetailLevel } from "./types.js";

/** Who is told how much. */
export interface DetailSettings {
  /** Level of `/health` for everybody; the probes tell no more than `status`. Default: `data`. */
  readonly public: DetailLevel;
  /** Level for those who are authorised. Default: `full`. */
  readonly authorized: DetailLevel;
  /** True for those who are; a throw, a promise and any other value mean no. */
  readonly authorize?: (req: HealthRequest) => boolean;
  /** Whoever sends `Authorization: Bearer <token>` is authorised. */
  readonly token?: string;
}

/** Decides how much a request is told. */
export interface Access {
  isAuthorized(req: HealthRequest): boolean;
  /** `isOverview` is true for `/health`. */
  levelOf(req: HealthRequest, isOverview: boolean): DetailLevel;
}

/** Makes it; `fault` hears of an `authorize` that fails. */
export function createAccess(details: DetailSettings, fault: (error: unknown) => void): Access {
  const { authorize, token } = details;
  const isToken = token === undefined ? () => false : createTokenTest(token);

  function isAuthorized(req: HealthRequest): boolean {
    if (isToken(req)) return true;
    if (authorize === undefined) return false;
    try {
      const answer: unknown = authorize(req);
      if (typeof answer === "boolean") return answer;
      throw new Error(`health.details.authorize: found ${typeof answer}, expected true or false at once`);
    } catch (error) {
      fault(error);
      return false;
    }
  }

  return {
    isAuthorized,
    levelOf(req, isOverview) {
      if (isAuthorized(req)) return details.authorized;
      return isOverview ? details.public : lowerLevel(details.public, "status");
    },
  };
}

// Digests have one length, so that the comparison tells neither the token nor how long it is.
function createTokenTest(token: string): (req: HealthRequest) => boolean {
  const expected = digest(token);
  return ({ headers }) => {
    const sent = /^Bearer +(\S+) *$/i.exec(String(headers?.["authorization"] ?? ""))?.[1];
    return sent !== undefined && timingSafeEqual(digest(sent), expected);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
