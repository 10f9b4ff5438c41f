import type { Attributes } from "@opentelemetry/api";
import type { Resource, ResourceDetector } from "@opentelemetry/resources";
import { containerId } from "./container-id.js";
import type { ResourceDetectorName, ResourceSettings } from "./types.js";

/** Attribute that names the service. */
export const SERVICE_NAME = "service.name";

// Arguments carry secrets.
const COMMAND_LINE: readonly string[] = ["process.command_args", "process.command_line"];

type Resources = typeof import("@opentelemetry/resources");

/** The resource of every span: the SDK's own `telemetry.sdk.*`, then what is detected, the service, and the user's. */
export function createResource(settings: ResourceSettings): Resource {
  const resources = require("@opentelemetry/resources") as Resources;
  const detectors = (settings.resourceDetectors ?? []).map((name) => detectorOf(name, resources));
  return resources
    .defaultResource()
    .merge(resources.detectResources({ detectors }))
    .merge(resources.resourceFromAttributes(serviceAttributes(settings)));
}

function serviceAttributes({ service, version, environment, resource }: ResourceSettings): Attributes {
  return {
    [SERVICE_NAME]: service,
    ...(version !== undefined && { "service.version": version }),
    ...(environment !== undefined && { "deployment.environment.name": environment }),
    ...resource,
  };
}

function detectorOf(name: ResourceDetectorName, resources: Resources): ResourceDetector {
  switch (name) {
    case "container":
      return { detect: () => ({ attributes: { "container.id": containerId() } }) };
    case "env":
      return resources.envDetector;
    case "host":
      return resources.hostDetector;
    case "os":
      return resources.osDetector;
    case "process":
      return without(COMMAND_LINE, resources.processDetector);
    case "serviceinstance":
      return resources.serviceInstanceIdDetector;
  }
}

function without(names: readonly string[], detector: ResourceDetector): ResourceDetector {
  return {
    detect(config) {
      const { attributes = {} } = detector.detect(config);
      const kept = Object.entries(attributes).filter(([name]) => !names.includes(name));
      return { attributes: Object.fromEntries(kept) };
    },
  };
}
