import { describe, expect, it } from "vitest";
import { createResource } from "../../src/tracing/resource.js";
import type { ResourceDetectorName, TracingSettings } from "../../src/tracing/types.js";

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

  it("finds out what it is asked for, and nothing else", async () => {
    const keysOf = async (name: ResourceDetectorName) => {
      const resource = createResource({ ...settings, resourceDetectors: [name] });
      await resource.waitForAsyncAttributes?.();
      const plain = createResource(settings).attributes;
      return Object.keys(resource.attributes).filter(
        (key) => !(key in plain) && resource.attributes[key] !== undefined,
      );
    };
    expect(await keysOf("host")).toEqual(expect.arrayContaining(["host.name", "host.arch"]));
    expect(await keysOf("os")).toEqual(expect.arrayContaining(["os.type", "os.version"]));
    expect(await keysOf("process")).toEqual(
      expect.arrayContaining(["process.pid", "process.runtime.version"]),
    );
    expect(await keysOf("serviceinstance")).toEqual(["service.instance.id"]);
    expect((await keysOf("container")).filter((key) => key !== "container.id")).toEqual([]);
  });

  it("never tells the command line, whose arguments are secrets", () => {
    const { attributes } = createResource({ ...settings, resourceDetectors: ["process"] });
    expect(Object.keys(attributes)).not.toContain("process.command_args");
    expect(Object.keys(attributes)).not.toContain("process.command_line");
  });

  it("lets the service and the user's attributes win over what is detected", () => {
    process.env["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=other,team=env,zone=a";
    try {
      const resource = { team: "mine" };
      const { attributes } = createResource({ ...settings, resource, resourceDetectors: ["env"] });
      expect(attributes).toMatchObject({ "service.name": "chat", team: "mine", zone: "a" });
    } finally {
      delete process.env["OTEL_RESOURCE_ATTRIBUTES"];
    }
  });
});
