import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context of the work at hand: follows an event through all services. */
export interface Trace {
  traceId: string;
  spanId: string;
  /** In a batch: the traces of the events about each person, so that what follows for them carries on theirs. */
  ofPerson?: ReadonlyMap<string, string>;
}

const storage = new AsyncLocalStorage<Trace>();
const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** Continues the trace of a `traceparent`, or starts a new one when it is absent or malformed. */
export function traceFrom(traceparent: string | undefined): Trace {
  const match = traceparent === undefined ? null : pattern.exec(traceparent);
  return { traceId: match?.[1] ?? randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
}

export const withTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);
export const currentTrace = (): Trace | undefined => storage.getStore();

/** The `traceparent` to send along with what this work causes, for a person where a batch is about many. */
export function traceparent(personId?: string): string {
  const trace = storage.getStore() ?? traceFrom(undefined);
  const own = personId === undefined ? undefined : trace.ofPerson?.get(personId);
  return own ?? `00-${trace.traceId}-${trace.spanId}-01`;
}
