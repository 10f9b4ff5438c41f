import { describe, expect, it } from "vitest";
import { cleanFields } from "../../src/logging/clean-fields.js";
import { createRedactor } from "../../src/logging/redact.js";

class Order {
  readonly id = 5;
  readonly token = "t";
}

const clean = (source: object, serializers = {}): object =>
  cleanFields(source, createRedactor(), serializers);

describe("cleanFields", () => {
  it.each<[string, object, object]>([
    ["plain data as fields", { a: 1, token: "t" }, { a: 1, token: "[redacted]" }],
    ["an instance as fields", new Order(), { id: 5, token: "[redacted]" }],
    ["an array as a value", [1, 2], { value: [1, 2] }],
    ["a date as a value", new Date(0), { value: "1970-01-01T00:00:00.000Z" }],
    ["an error under err", new TypeError("x"), { err: expect.objectContaining({ type: "TypeError" }) }],
    [
      "a request under req",
      new Request("https://host/a"),
      { req: { method: "GET", url: "https://host/a", headers: {} } },
    ],
    [
      "a response under res",
      Object.assign(
        new (class {
          statusCode = 200;
          getHeaders() {
            return { a: "b" };
          }
        })(),
        {},
      ),
      { res: { statusCode: 200, headers: { a: "b" } } },
    ],
  ])("takes %s", (_, source, fields) => {
    expect(clean(source)).toEqual(fields);
  });

  it("leaves a value to the serializer of the host", () => {
    const order = new Order();
    const serializers = { order: () => "" };
    expect((clean({ order, other: order }, serializers) as { order: unknown }).order).toBe(order);
    const request = new Request("https://host/a");
    expect((clean(request, { req: () => "" }) as { req: unknown }).req).toBe(request);
  });
});
