import { freePort, isFree } from '../embedded/ports.js';
import { LaunchError } from '../errors.js';

/** The services of Laurel, by the names that URLs, databases and ports go by. */
export const SERVICES = ['content', 'engagement', 'notification'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Where each part listens. */
export type Ports = Readonly<Record<ServiceName | 'mail', number>>;

/** Where each part listens unless LAUREL_PORT_… says otherwise. */
export const DEFAULT_PORTS: Ports = { content: 4010, engagement: 4020, notification: 4030, mail: 4040 };

/** Four ports of the loopback that were free a moment ago. */
export async function freePorts(): Promise<Ports> {
  const [content, engagement, notification, mail] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { content, engagement, notification, mail };
}

function titleOf(part: string): string {
  return part === 'mail' ? 'the mail page' : `${part}-service`;
}

/** Throws one message that names every port another program has, and what to do. */
export async function checkPorts(ports: Ports, used: readonly (keyof Ports)[]): Promise<void> {
  const taken: string[] = [];
  for (const part of used) {
    const free = await isFree(ports[part]);
    if (!free)
      taken.push(
        `Port ${ports[part]} (${titleOf(part)}) is taken by another program: stop it, or set LAUREL_PORT_${part.toUpperCase()} to another port.`,
      );
  }
  if (taken.length > 0) throw new LaunchError(taken.join('\n'));
}
