import { describe, expect, it } from "vitest";
import { createResource } from "../../src/tracing/resource.js";
import type { TracingSettings } from "../../src/tracing/types.js";

const settings: TracingSettings = {
  service: "chat",
  resource: {},
  headers: {},
  sampleRatio: 1,
  exporter: "none",
};

describe("createResource", () => {
  it("names the service and the SDK, and leaves out what is not given", () => {
    const { attributes } = createResource(settings);
    expect(attributes).toMatchObject({
      "service.name": "chat",
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "opentelemetry",
    });
    expect(Object.keys(attributes).filter((key) => attributes[key] === undefined)).toEqual([]);
    expect(attributes).not.toHaveProperty(["service.version"]);
    expect(attributes).not.toHaveProperty(["deployment.environment.name"]);
  });

  it("lets the user's attributes win", () => {
    const resource = { "service.version": "from-resource", "k8s.pod.name": "chat-0" };
    expect(
      createResource({ ...settings, version: "1.0.0", environment: "prod", resource }).attributes,
    ).toMatchObject({
      ...resource,
      "deployment.environment.name": "prod",
    });
  });
});
