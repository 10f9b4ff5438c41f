import { describe, expect, test } from "vitest";
import { errorClass } from "../../../../src/collectors/http/client/error-class.js";

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error("any text", { cause }), { code });
const named = (name: string, cause?: unknown): Error =>
  Object.assign(new Error("any text", { cause }), { name });

describe("the class of an error", () => {
  test.each([
    ["connection_refused", ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]],
    ["connection_reset", ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]],
    ["dns", ["ENOTFOUND", "EAI_AGAIN"]],
    [
      "timeout",
      [
        "ETIMEDOUT",
        "ESOCKETTIMEDOUT",
        "UND_ERR_CONNECT_TIMEOUT",
        "UND_ERR_HEADERS_TIMEOUT",
        "UND_ERR_BODY_TIMEOUT",
      ],
    ],
    ["aborted", ["ABORT_ERR", "UND_ERR_ABORTED", "UND_ERR_DESTROYED", "ECONNABORTED", "ERR_CANCELED"]],
    ["protocol", ["HPE_INVALID_CONSTANT", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]],
    [
      "tls",
      [
        "CERT_HAS_EXPIRED",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      ],
    ],
    ["other", ["EWHATEVER", ""]],
  ])("is %s by the codes of Node, undici and OpenSSL", (expected, codes) => {
    for (const code of codes) expect([code, errorClass(coded(code))]).toEqual([code, expected]);
  });

  test("is that of the cause where the error itself has no code", () => {
    expect(errorClass(new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }))).toBe(
      "connection_refused",
    );
    expect(errorClass(new Error("a", { cause: new Error("b", { cause: coded("ENOTFOUND") }) }))).toBe("dns");
    expect(errorClass(coded("EUNKNOWN", coded("ECONNRESET")))).toBe("connection_reset");
  });

  test("is that of the errors gathered when every address failed", () => {
    const gathered = Object.assign(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]), {
      code: "ECONNREFUSED",
    });
    expect(errorClass(gathered)).toBe("connection_refused");
    expect(errorClass(new AggregateError([coded("ETIMEDOUT"), coded("ECONNREFUSED")]))).toBe("timeout");
  });

  test("is protocol for undici's parser error, which has lost its code", () => {
    expect(errorClass(named("HTTPParserError"))).toBe("protocol");
  });

  test("tells a deadline from a change of mind, though both abort", () => {
    expect(errorClass(AbortSignal.abort().reason)).toBe("aborted");
    expect(errorClass(named("TimeoutError"))).toBe("timeout");
    expect(
      errorClass(
        Object.assign(named("AbortError", new DOMException("late", "TimeoutError")), { code: "ABORT_ERR" }),
      ),
    ).toBe("timeout");
    expect(errorClass(named("AbortError", new Error("changed my mind")))).toBe("aborted");
  });

  test.each([[null], [undefined], ["text"], [7], [{}], [{ code: 42 }], [{ cause: null }], [() => undefined]])(
    "is other for %o",
    (thrown) => {
      expect(errorClass(thrown)).toBe("other");
    },
  );

  test("ends for a cause that goes round in circles", () => {
    const error = new Error("round");
    error.cause = error;
    expect(errorClass(error)).toBe("other");
  });
});
