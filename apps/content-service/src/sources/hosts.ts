import { setTimeout as pause } from 'node:timers/promises';
import { isPublicAddress } from '#libs/platform';

/** One asker at a time for each host, with a rest between two; a slow host holds up nobody but itself. */
export class HostTurns {
  private readonly last = new Map<string, Promise<void>>();

  /** How long a host is left alone after each turn, in milliseconds of real time. */
  constructor(private readonly restMs: (host: string) => number) {}

  /** Hosts that are being asked, or are at rest. */
  busy(): string[] {
    return [...this.last.keys()];
  }

  /** Waits for this host's turn, then works. */
  run<T>(host: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(host) ?? Promise.resolve()).then(work);
    const over = this.afterRest(host, turn);
    this.last.set(host, over);
    void over.finally(() => {
      if (this.last.get(host) === over) this.last.delete(host);
    });
    return turn;
  }

  private async afterRest(host: string, turn: Promise<unknown>): Promise<void> {
    await Promise.allSettled([turn]);
    await pause(this.restMs(host));
  }
}

/** Whether people outside could follow this link: not to a private address or a name of a house's own net. */
export function leadsOutside(address: string): boolean {
  const host = new URL(address).hostname.replace(/^\[|\]$|\.$/g, '');
  if (/^[\d.]+$|:/.test(host)) return isPublicAddress(host);
  return host.includes('.') && !/(^|\.)(localhost|local|internal|lan|home\.arpa)$/.test(host);
}
