import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { Controller, Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { EventOf, ReplyOf, RequestOf } from '#libs/contracts';
import { Namespace } from '#libs/contracts';
import { DomainError, KeyResolver, PlatformModule, Terminal, newId, serviceEnv } from '#libs/platform';
import type { Caller, DatabaseParts, ServiceEnv } from '#libs/platform';
import { startTestNats } from '../../../test/support/nats.js';
import { namespace, startNeighbour, startTestService, until } from '../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../test/support/service.js';
import {
  DeadLetters,
  MessagingModule,
  Messaging1760000000000,
  MessagingDecisions1760000000200,
  MessagingPending1760000000300,
  OnEvents,
  OnRequest,
  Outbox,
  Requests,
  event,
} from './index.js';
import { BatchContext } from './batch.js';
import type { Delivery } from './batch.js';
import { Processor, isInfrastructure } from './processor.js';

/** What came into effect, without any constraint that would hide a doubled effect. */
class Effects1770000000000 implements MigrationInterface {
  name = 'Effects1770000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE effects (event_id uuid NOT NULL, person_id uuid NOT NULL)`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE effects`);
  }
}

/** What the handler does when it meets a person, by id; everybody else is simply noted. */
const behaviours = new Map<string, () => void | Promise<void>>();

@Controller()
class EffectsConsumer {
  @OnEvents('effects', 'person.changed')
  async take(@Payload() events: EventOf<'person.changed'>[], @Ctx() context: BatchContext): Promise<void> {
    for (const { id, data } of events) {
      await context.manager.query(`INSERT INTO effects VALUES ($1, $2)`, [id, data.personId]);
      await behaviours.get(data.personId)?.();
    }
  }

  @OnRequest('people.contacts')
  async contacts(@Payload() request: RequestOf<'people.contacts'>): Promise<ReplyOf<'people.contacts'>> {
    await behaviours.get(request.personIds[0]!)?.();
    return { contacts: [] };
  }
}

const caller: Caller = { keyId: newId(), name: 'test', role: 'admin' };

@Global()
@Module({
  providers: [{ provide: KeyResolver, useValue: { resolve: () => Promise.resolve(caller) } }],
  exports: [KeyResolver],
})
class KeysModule {}

const parts: DatabaseParts = {
  entities: [],
  migrations: [
    Messaging1760000000000,
    MessagingDecisions1760000000200,
    MessagingPending1760000000300,
    Effects1770000000000,
  ],
};

@Module({})
class TestModule {
  static forEnv(env: ServiceEnv): DynamicModule {
    const imports = [
      PlatformModule.forService('test', env, parts),
      MessagingModule.forService('test', env),
      KeysModule,
    ];
    return { module: TestModule, imports, controllers: [EffectsConsumer] };
  }
}

let nats: Awaited<ReturnType<typeof startTestNats>>;
let service: TestService;
let neighbour: Neighbour;

const start = (env: Record<string, string> = {}): Promise<TestService> =>
  startTestService({
    name: 'test',
    parts,
    envSchema: serviceEnv,
    module: (given) => TestModule.forEnv(given),
    natsUrl: nats.url,
    env,
  });

beforeAll(async () => {
  nats = await startTestNats();
  service = await start();
  neighbour = await startNeighbour(nats.url);
});
afterAll(async () => {
  await neighbour.stop();
  await service.stop();
  await nats.stop();
});

const changed = (personId: string) => ({ personId, change: 'updated' as const });
const effectsOf = async (personId: string): Promise<number> =>
  (await service.query(`SELECT FROM effects WHERE person_id = $1`, [personId])).length;
const allEffects = async (): Promise<{ events: number; effects: number }> =>
  (
    await service.query<{ events: number; effects: number }>(
      `SELECT count(DISTINCT event_id) AS events, count(*) AS effects FROM effects`,
    )
  )[0]!;
const letters = (part: string): Promise<{ id: string; consumer: string; reason: string }[]> =>
  service.query(
    `SELECT id, consumer, reason FROM dead_letters WHERE resolved_at IS NULL AND (payload || reason) LIKE '%' || $1 || '%'`,
    [part],
  );
const tell = (manager: Parameters<Outbox['add']>[0], personId: string): Promise<void> =>
  service.app.get(Outbox).add(manager, [event('person.changed', changed(personId))]);

describe('an event on its way', () => {
  it('has one effect however often it is delivered', async () => {
    const [personId, id] = [newId(), newId()];
    await neighbour.tell('person.changed', changed(personId), { id });
    await neighbour.tell('person.changed', changed(personId), { id });
    await service.quiet();
    await neighbour.tell('person.changed', changed(personId), { id });
    await neighbour.tell('person.changed', changed(personId), { id: id.toUpperCase() });
    await service.quiet();
    expect(await effectsOf(personId)).toBe(1);
  });

  it('is never told when the state change it tells of is rolled back', async () => {
    const personId = newId();
    const work = service.app.get(DataSource).transaction(async (manager) => {
      await manager.query(`INSERT INTO effects VALUES ($1, $2)`, [newId(), personId]);
      await tell(manager, personId);
      throw new Error('the state change fails');
    });
    await expect(work).rejects.toThrow('the state change fails');
    await service.quiet();
    expect(await effectsOf(personId)).toBe(0);
    expect(await service.query(`SELECT FROM outbox WHERE envelope LIKE $1`, [`%${personId}%`])).toEqual([]);
  });

  it('is told although it committed long after events with higher numbers (invariant 4)', async () => {
    const [low, high] = [newId(), Array.from({ length: 100 }, newId)];
    const held = service.app.get(DataSource).createQueryRunner();
    await held.startTransaction();
    await tell(held.manager, low);
    await service.app.get(DataSource).transaction(async (manager) => {
      for (const personId of high) await tell(manager, personId);
    });
    await service.quiet();
    expect(await effectsOf(high.at(-1)!)).toBe(1);
    expect(await effectsOf(low)).toBe(0);
    await held.commitTransaction();
    await held.release();
    await service.quiet();
    expect(await effectsOf(low)).toBe(1);
  });

  it('is refused where it is too large for the broker, before it blocks everything behind it', async () => {
    const add = service.app.get(DataSource).transaction((manager) =>
      service.app.get(Outbox).add(manager, [
        event('activity.recorded', {
          activityId: newId(),
          activityType: 'a.b',
          personId: newId(),
          objectId: null,
          value: 1,
          data: { text: 'x'.repeat(11e5) },
        }),
      ]),
    );
    await expect(add).rejects.toMatchObject({ code: 'event_too_large', status: 413 });
  });
});

describe('a message that cannot be handled', () => {
  it('ends in the dead letters with a reason, and the rest is handled', async () => {
    const personId = newId();
    await neighbour.tell('person.flew', { personId });
    await neighbour.tell('person.changed', { personId, change: 'grew wings' });
    await neighbour.tellRaw('person.changed', 'not json at all');
    await neighbour.tell('person.changed', changed(personId));
    await service.quiet();
    expect(await effectsOf(personId)).toBe(1);
    // The consumer listens to one type, so the unknown one never reaches it; see the next test.
    expect((await letters('grew wings'))[0]!.reason).toMatch(/^data of person\.changed: change: /);
    expect((await letters('not json at all'))[0]!.reason).toMatch(/^not a CloudEvents 1.0 envelope/);
  });

  it('names an unknown type', async () => {
    const envelope = {
      specversion: '1.0',
      id: newId(),
      source: '/x',
      type: 'person.flew',
      time: '2026-03-02T08:00:00Z',
    };
    await neighbour.tellRaw(
      'person.changed',
      JSON.stringify({ ...envelope, datacontenttype: 'application/json', data: {} }),
    );
    await service.quiet();
    expect((await letters('person.flew'))[0]!.reason).toBe('unknown event type "person.flew"');
  });

  it('is found among 200 and set aside, while the others take effect once', async () => {
    const people = Array.from({ length: 200 }, newId);
    const poison = people[77]!;
    behaviours.set(poison, () => {
      throw new Terminal('this one can never work');
    });
    await service.app.get(DataSource).transaction((manager) =>
      service.app.get(Outbox).add(
        manager,
        people.map((personId) => event('person.changed', changed(personId))),
      ),
    );
    await service.quiet();
    const effects = await service.query<{ person_id: string }>(
      `SELECT person_id FROM effects WHERE person_id = ANY($1)`,
      [people],
    );
    expect(effects.map((row) => row.person_id).sort()).toEqual(people.filter((id) => id !== poison).sort());
    expect(await letters(poison)).toMatchObject([
      { consumer: 'test-effects', reason: 'this one can never work' },
    ]);
  });

  it('is handled by a retry once its cause is mended, and by no second one', async () => {
    const personId = newId();
    behaviours.set(personId, () => {
      throw new Terminal('not yet');
    });
    await neighbour.tell('person.changed', changed(personId));
    await service.quiet();
    const [letter] = await letters(personId);
    const retry = () => service.call('POST', `/test/dead-letters/${letter!.id}/retry`);
    expect((await retry()).body).toMatchObject({ code: 'retry_failed', detail: 'It failed again: not yet' });
    expect(await letters(personId)).toHaveLength(1);
    behaviours.delete(personId);
    expect((await retry()).body.resolvedAt).toBe('2026-03-02T08:00:00.000Z');
    expect((await retry()).status).toBe(200);
    expect(await effectsOf(personId)).toBe(1);
    expect(await letters(personId)).toEqual([]);
  });

  it('of many is retried or dropped by a filter, after a dry run has counted', async () => {
    const people = [newId(), newId(), newId()];
    for (const personId of people) {
      behaviours.set(personId, () => {
        throw new Terminal('all of one kind');
      });
      await neighbour.tell('person.changed', changed(personId));
    }
    await service.quiet();
    const order = (action: string, more = {}) =>
      service.call('POST', `/test/dead-letters/${action}`, {
        filter: { error: 'OF ONE kind' },
        reason: 'mended',
        ...more,
      });
    expect((await order('retry')).body).toMatchObject({
      dryRun: true,
      count: 3,
      consumers: [{ consumer: 'test-effects', count: 3 }],
    });
    expect((await order('retry', { dryRun: false })).body.code).toBe('expect_missing');
    expect((await order('drop', { dryRun: false, expect: 9 })).body.code).toBe('count_changed');
    behaviours.delete(people[0]!);
    expect((await order('retry', { dryRun: false, expect: 3 })).body).toMatchObject({
      done: 1,
      failed: [{ reason: 'It failed again: all of one kind' }, {}],
    });
    expect(await effectsOf(people[0]!)).toBe(1);
    const [left] = await letters(people[1]!);
    const dropped = await service.call('POST', `/test/dead-letters/${left!.id}/drop`, {
      reason: 'nobody needs it',
    });
    expect(dropped.body).toMatchObject({ resolution: 'dropped', resolvedReason: 'nobody needs it' });
    expect(dropped.body.resolvedBy).toMatch(/^test \(/);
    expect((await order('drop', { dryRun: false, expect: 1 })).body).toMatchObject({ done: 1 });
    expect((await order('drop')).body.count).toBe(0);
  });

  it('is tried again when it may work later', async () => {
    const personId = newId();
    let failures = 2;
    behaviours.set(personId, () => {
      if (failures-- > 0) throw new Error('not this time');
    });
    await neighbour.tell('person.changed', changed(personId));
    await service.quiet();
    expect(await effectsOf(personId)).toBe(1);
    expect(await letters(personId)).toEqual([]);
  });
});

describe('trying again', () => {
  const settled: (number | 'ack')[] = [];
  const delivery = (attempt: number): Delivery => ({
    event: {
      id: newId(),
      type: 'person.changed',
      data: changed(newId()),
    } as Delivery['event'],
    subject: namespace.event('person.changed'),
    payload: `attempt ${attempt}`,
    attempt,
    ack: () => settled.push('ack'),
    retryIn: (ms) => settled.push(ms),
  });
  const processor = (fail: () => Error): Processor =>
    new Processor({
      consumer: 'test-trying',
      database: service.app.get(DataSource),
      deadLetters: service.app.get(DeadLetters),
      logger: {
        warn: () => undefined,
        error: () => undefined,
      } as never,
      handler: () => Promise.reject(fail()),
    });

  it('waits longer each time and gives up after six', async () => {
    for (const attempt of [1, 2, 3, 4, 5, 6])
      await processor(() => new Error('no')).handle([delivery(attempt)]);
    expect(settled.splice(0)).toEqual([200, 1_000, 3_000, 10_000, 30_000, 'ack']);
    expect(await letters('attempt 6')).toMatchObject([{ reason: 'no' }]);
    expect(await letters('attempt 5')).toEqual([]);
  });

  it('never gives up while the database or a neighbour is away: the message is not to blame', async () => {
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
    await processor(() => away).handle([delivery(50), delivery(1)]);
    expect(settled.splice(0)).toEqual([30_000, 200]);
  });
});

describe('a broker that loses everything', () => {
  const storedIn = async (): Promise<number> => {
    const manager = await jetstreamManager(neighbour.connection);
    return (await manager.streams.info(namespace.stream)).state.messages;
  };

  it('gets all events again, consumers go on, and nothing is doubled', async () => {
    await service.quiet();
    const [{ told }] = (await service.query<{ told: number }>(`SELECT count(*) AS told FROM outbox`)) as [
      { told: number },
    ];
    const before = await allEffects();
    await nats.wipe();
    const personId = newId();
    await service.app.get(DataSource).transaction((manager) => tell(manager, personId));
    await until('the new event took effect', async () => (await effectsOf(personId)) === 1);
    await until('the stream holds all events again', async () => (await storedIn()) === told + 1);
    await service.quiet();
    expect(await allEffects()).toEqual({ events: before.events + 1, effects: before.effects + 1 });
  });

  it('gets all events again when only the stream is lost, over a connection that lives on', async () => {
    await service.quiet();
    const personId = newId();
    // Published as far as the outbox knows, and consumed by nobody.
    await service.app.get(DataSource).transaction(async (manager) => {
      await tell(manager, personId);
      await manager.query(`DELETE FROM outbox_pending`);
    });
    await (await jetstreamManager(neighbour.connection)).streams.delete(namespace.stream);
    await until('the lost event took effect', async () => (await effectsOf(personId)) === 1);
    await service.quiet();
    const { events, effects } = await allEffects();
    expect(effects).toBe(events);
  });

  it('gets again what one replica handed over while another found the stream lost', async () => {
    const personId = newId();
    await service.query(`UPDATE relay_state SET stream_created = 'a stream another replica has met'`);
    await service.app.get(DataSource).transaction((manager) => tell(manager, personId));
    await service.quiet();
    expect(await effectsOf(personId)).toBe(1);
    const [state] = await service.query<{ stream_created: string }>(`SELECT stream_created FROM relay_state`);
    expect(state!.stream_created).not.toMatch(/another replica/);
  });
});

describe('a question to another service', () => {
  it('is answered', async () => {
    expect(await service.app.get(Requests).ask('people.contacts', { personIds: [newId()] })).toEqual({
      contacts: [],
    });
  });

  const ask = (personId: string) =>
    service.app.get(Requests).ask('people.contacts', { personIds: [personId] });

  it('is refused when it is not as agreed, or the other side fails; only what is meant for clients is told', async () => {
    await expect(ask('nobody')).rejects.toMatchObject({ code: 'request_failed', status: 502 });
    const [secretive, open] = [newId(), newId()];
    behaviours.set(secretive, () => {
      throw new Error('relation "hidden" does not exist');
    });
    behaviours.set(open, () => {
      throw new DomainError('no', 409, 'a text for clients');
    });
    await expect(ask(secretive)).rejects.toMatchObject({ code: 'request_failed', status: 502 });
    await expect(ask(secretive)).rejects.not.toThrow(/hidden/);
    await expect(ask(open)).rejects.toThrow(/a text for clients/);
  });

  it('is a 503 when the other side is without its database, and whoever asks for a message tries that again', async () => {
    const personId = newId();
    behaviours.set(personId, () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    });
    const error: unknown = await ask(personId).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'service_unavailable', status: 503 });
    expect((error as Error).message).not.toContain('10.0.0.7');
    expect(isInfrastructure(error)).toBe(true);
  });

  it('that nobody answers is a 503', async () => {
    const asked = service.app.get(Requests).ask('invitations.links', { invitationIds: [newId()] });
    await expect(asked).rejects.toMatchObject({ code: 'service_unavailable', status: 503 });
  });
});

describe('two suites on one broker', () => {
  it('take nothing of each other: neither events nor questions', async () => {
    const other = await start({ LAUREL_NAMESPACE: 'other_suite' });
    const [here, there] = [newId(), newId()];
    await service.app.get(DataSource).transaction((manager) => tell(manager, here));
    await other.app
      .get(DataSource)
      .transaction((manager) =>
        other.app.get(Outbox).add(manager, [event('person.changed', changed(there))]),
      );
    await Promise.all([service.quiet(), other.quiet()]);
    const seen = (of: TestService) =>
      of.query(`SELECT person_id AS id FROM effects WHERE person_id IN ($1, $2)`, [here, there]);
    expect([await seen(service), await seen(other)]).toEqual([[{ id: here }], [{ id: there }]]);
    // The neighbour answers this one, in the other namespace.
    const asked = other.app.get(Requests).ask('access.resolve', { keyHash: 'a'.repeat(64) });
    await expect(asked).rejects.toMatchObject({ code: 'service_unavailable' });
    await other.stop();
  });

  it('a namespace given later takes along what waits in the outbox', async () => {
    const personId = newId();
    await service.app.get(DataSource).transaction((manager) => tell(manager, personId));
    await service.quiet();
    const renamed = await startTestService({
      name: 'test',
      parts,
      envSchema: serviceEnv,
      module: (env) => TestModule.forEnv(env),
      natsUrl: nats.url,
      database: service.database,
      env: { LAUREL_NAMESPACE: 'renamed' },
    });
    const manager = await jetstreamManager(neighbour.connection);
    const { stream } = new Namespace('renamed');
    const stored = async () => (await manager.streams.info(stream).catch(() => null))?.state.messages ?? 0;
    const told = (await service.query(`SELECT FROM outbox`)).length;
    await until('the new stream holds everything', async () => (await stored()) >= told);
    expect(await stored()).toBe(told);
    await renamed.stop();
  });
});

describe('closing', () => {
  it('finishes the batch and the answer at hand, and leaves nothing to be delivered again', async () => {
    const other = await startTestNats();
    const closing = await startTestService({
      name: 'test',
      parts,
      envSchema: serviceEnv,
      natsUrl: other.url,
      database: service.database,
      module: (env) => TestModule.forEnv(env),
    });
    const outside = await startNeighbour(other.url);
    const manager = await jetstreamManager(outside.connection);
    await until('the stream stands', () =>
      manager.streams.info(namespace.stream).then(
        () => true,
        () => false,
      ),
    );
    const personId = newId();
    let begun = false;
    behaviours.set(personId, async () => {
      begun = true;
      await pause(300);
    });
    await outside.tell('person.changed', changed(personId));
    await until('the handler is at work', () => begun);
    await closing.stop();
    expect(await effectsOf(personId)).toBe(1);
    const consumer = await manager.consumers.info(namespace.stream, 'test-effects');
    expect(consumer).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    await outside.stop();
    await other.stop();
  });
});
