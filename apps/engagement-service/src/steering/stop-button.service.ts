import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event, isInfrastructure } from '#libs/messaging';
import { Clock, DomainError, LOGGER, Pollers, afterCommit } from '#libs/platform';
import type { Caller, Logger } from '#libs/platform';
import { Audit, whoWords } from '../audit/audit.service.js';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { StartsService } from '../workflows/starts.service.js';
import type { Incoming } from '../workflows/turns.js';
import { PROGRAMME } from './gate.query.js';
import * as query from './stop-button.query.js';

const BATCH = 500;

/**
 * Stops a workflow or the whole programme, and lets it go on. What is stopped is a row that every batch of every replica looks at:
 * timers and fan-outs are not claimed, schedules wait for their misfire policy, events are kept in a table in the transaction that
 * takes them. Resuming takes what was kept, in order, before the first timer fires: who has accepted meanwhile is not reminded.
 */
@Injectable()
export class StopButton implements OnModuleInit {
  private readonly wake: () => void;

  constructor(
    private readonly database: DataSource,
    private readonly starts: StartsService,
    private readonly definitions: DefinitionsService,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.wake = () => pollers.hintAll();
  }

  onModuleInit(): void {
    this.pollers.add({ name: 'held events', work: () => this.open() });
  }

  /** What is stopped now, and what is held. */
  async list(): Promise<object> {
    const stops = await query.listStops(this.database.manager);
    return {
      programme: stops.find(({ scope }) => scope === PROGRAMME) ?? null,
      workflows: stops.filter(({ scope }) => scope !== PROGRAMME),
      failed: await query.listFailed(this.database.manager),
    };
  }

  /** Stops a workflow (by its id) or the programme. Throws `workflow_unknown`. */
  async stop(who: Caller, scope: string, reason: string): Promise<object> {
    if (scope !== PROGRAMME) this.definitions.find(scope);
    await this.database.transaction(async (manager) => {
      const before = await query.lockStop(manager, scope);
      const after = { scope, state: 'stopped', reason, by: whoWords(who), at: this.clock.now() } as const;
      await query.writeStop(manager, after);
      await this.tell(manager, scope, true);
      await this.audit.note(manager, { who, action: 'stop', what: whatOf(scope), before, after });
    });
    return this.list();
  }

  /** Lets it go on once what was held for it has been taken. Throws `not_stopped`. */
  async resume(who: Caller, scope: string, reason: string): Promise<object> {
    await this.database.transaction(async (manager) => {
      const before = await query.lockStop(manager, scope);
      const again = await query.forgetFailures(manager, scope);
      if (!before && again === 0)
        throw new DomainError('not_stopped', 409, `The ${whatOf(scope)} is not stopped.`);
      const after = { scope, state: 'resuming', reason, by: whoWords(who), at: this.clock.now() } as const;
      await query.writeStop(manager, after);
      await this.tell(manager, scope, false);
      await this.audit.note(manager, { who, action: 'resume', what: whatOf(scope), before, after });
      afterCommit(manager, this.wake);
    });
    return this.list();
  }

  /** The services that act for workflows stop with the programme. */
  private async tell(manager: EntityManager, scope: string, stopped: boolean): Promise<void> {
    if (scope !== PROGRAMME) return;
    const revision = await query.nextRevision(manager);
    await this.outbox.add(manager, [event('programme.stopped', { stopped, revision })]);
  }

  /** Takes a batch of what was held for a scope that is to be opened; opens it when nothing is left. */
  async open(limit = BATCH): Promise<number> {
    const taking: Taking = { scope: '', events: [] };
    try {
      return await this.database.transaction((manager) => this.take(manager, limit, taking));
    } catch (error) {
      const { scope, events } = taking;
      if (isInfrastructure(error) || events.length === 0) throw error;
      if (events.length > 1) return this.open(Math.ceil(events.length / 10));
      this.logger.error({ err: error, scope }, 'a held event could not be taken');
      await query.setAside(this.database.manager, scope, events[0]!.id, (error as Error).message);
      return 1;
    }
  }

  private async take(manager: EntityManager, limit: number, taking: Taking): Promise<number> {
    const scope = await query.claimResuming(manager);
    if (scope === null) return 0;
    const events = await query.takeHeld(manager, scope, limit);
    Object.assign(taking, { scope, events });
    if (events.length > 0) await this.starts.takeHeld(manager, scope, events);
    if (events.length < limit) await query.endStop(manager, scope);
    afterCommit(manager, this.wake);
    return Math.max(1, events.length);
  }
}

/** What is being taken, for whoever learns that it cannot be. */
interface Taking {
  scope: string;
  events: readonly Incoming[];
}

const whatOf = (scope: string): string => (scope === PROGRAMME ? 'programme' : `workflow ${scope}`);
