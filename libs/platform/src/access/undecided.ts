import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { DECISION } from './decisions.js';

/** Nest marks a route handler with its path under this key. */
const PATH = 'path';

/** Routes (`Controller.method`) without `@Allow` or `@Public`; a service with any refuses to start. */
export function undecidedRoutes(discovery: DiscoveryService, reflector: Reflector): string[] {
  return discovery
    .getControllers()
    .flatMap(({ metatype }) => (metatype ? undecidedOf(metatype, reflector) : []));
}

function undecidedOf(controller: Function, reflector: Reflector): string[] {
  const prototype = controller.prototype as Record<string, Function>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .filter((name) => Reflect.hasMetadata(PATH, prototype[name]!))
    .filter((name) => !reflector.getAllAndOverride(DECISION, [prototype[name]!, controller as never]))
    .map((name) => `${controller.name}.${name}`);
}
