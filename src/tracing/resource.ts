import type { Attributes } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { TracingSettings } from "./types.js";

/** Attribute that names the service. */
export const SERVICE_NAME = "service.name";

/** The resource of every span: the SDK's own `telemetry.sdk.*`, then the service, then the user's. */
export function createResource(settings: TracingSettings): Resource {
  const { defaultResource, resourceFromAttributes } =
    require("@opentelemetry/resources") as typeof import("@opentelemetry/resources");
  return defaultResource().merge(resourceFromAttributes(serviceAttributes(settings)));
}

function serviceAttributes({ service, version, environment, resource }: TracingSettings): Attributes {
  return {
    [SERVICE_NAME]: service,
    ...(version !== undefined && { "service.version": version }),
    ...(environment !== undefined && { "deployment.environment.name": environment }),
    ...resource,
  };
}
