import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import type { ClaimedDelivery } from './delivery.js';
import { Flights } from './flights.js';
import type { Result } from './results.js';
import type { Parcel } from './writing.js';

const NOW = new Date('2026-01-05T08:00:00Z');
const claimed = (id: string): ClaimedDelivery =>
  ({ id, personId: 'p', attempts: 1, repeats: 0, held: false }) as ClaimedDelivery;
const parcelOf = (...ids: string[]): Parcel =>
  ({ dispatch: { channel: null }, deliveries: ids.map(claimed) }) as unknown as Parcel;

/** Flights whose mails end as the test says; what is noted and given back can be read. */
function flightsWith(send: () => Promise<unknown>) {
  const noted: Result[] = [];
  const released: string[] = [];
  const parts = [
    { laneOf: () => 'a.example', paceOf: () => ({ concurrent: 1 }), send },
    {
      note: (_owner: string, results: Result[]) => Promise.resolve(void noted.push(...results)),
      end: () => undefined,
    },
    { settings: { domains: {} } },
    { now: () => NOW },
    { watch: () => undefined },
    {},
    { error: () => undefined },
  ];
  const flights = new Flights(...(parts as unknown as ConstructorParameters<typeof Flights>));
  let wakes = 0;
  flights.from({
    owner: 'me',
    release: (given) => Promise.resolve(void released.push(...given.map(({ id }) => id))),
    noted: () => void wakes++,
  });
  const launch = (parcel: Parcel): void => {
    flights.hold(parcel.deliveries);
    flights.launch(parcel);
  };
  const empty = async (): Promise<void> => {
    while (flights.ids.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { flights, launch, empty, noted, released, wakes: () => wakes };
}

it('a mail that a mistake of the program keeps from being sent is tried again later, not at once', async () => {
  const { launch, empty, noted, released } = flightsWith(() => Promise.reject(new TypeError('secret')));
  launch(parcelOf('a'));
  await empty();
  expect(noted[0]!.settled).toMatchObject({
    state: 'intended',
    reason: 'a mistake of the program: TypeError',
  });
  expect(noted[0]!.settled.nextAttemptAt!.getTime()).toBeGreaterThan(NOW.getTime());
  expect(released).toEqual([]);
});

it('deliveries that went as one mail are due again at one moment', async () => {
  const { launch, empty, noted } = flightsWith(() => Promise.resolve({ kind: 'later', reason: 'busy' }));
  launch(parcelOf('a', 'b', 'c'));
  await empty();
  expect(noted).toHaveLength(3);
  expect(new Set(noted.map(({ settled }) => settled.nextAttemptAt!.getTime())).size).toBe(1);
});

it('what waits in a lane can be given back, and whoever claims is woken', async () => {
  let answer = (_outcome: unknown): void => undefined;
  const { flights, launch, empty, noted, released, wakes } = flightsWith(
    () => new Promise((resolve) => (answer = resolve)),
  );
  for (const id of ['a', 'b', 'c']) launch(parcelOf(id));
  flights.shed(1);
  while (wakes() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect([released, flights.ids]).toEqual([['c'], ['a', 'b']]);
  flights.shed(0);
  answer({ kind: 'sent' });
  await empty();
  expect([released, noted.map(({ delivery }) => delivery.id)]).toEqual([['c', 'b'], ['a']]);
});
