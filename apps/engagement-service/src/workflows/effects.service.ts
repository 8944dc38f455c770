import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { Effect } from '#libs/workflow';
import { CARRIERS } from './carriers/carrier.js';
import type { Carrier, Refusal, Wanted } from './carriers/carrier.js';
import { noteIntents } from './intents.query.js';
import type { Intended } from './intents.query.js';
import { writeTurns } from './runs-store.query.js';
import type { TurnLines } from './runs-store.query.js';
import type { Turn } from './turns.js';

/** Carries out what runs want, in the transaction that stores their state: each type of effect has its carrier. */
@Injectable()
export class EffectsService {
  constructor(
    @Inject(CARRIERS) private readonly carriers: readonly Carrier[],
    private readonly clock: Clock,
  ) {}

  /** Returns the turns of those runs that have their answer at once. */
  async carryOut(manager: EntityManager, wanted: readonly Wanted[]): Promise<Turn[]> {
    if (wanted.length === 0) return [];
    const fresh = await this.fresh(manager, wanted);
    const turns: Turn[] = [];
    for (const carrier of this.carriers) {
      const own = fresh.filter(({ effect }) => effect.type === carrier.type);
      if (own.length === 0) continue;
      const outcome = await carrier.carryOut(manager, own);
      turns.push(...(outcome?.turns ?? []));
      await writeTurns(
        manager,
        (outcome?.refusals ?? []).map((refusal) => this.lineOf(refusal)),
      );
    }
    return turns;
  }

  private lineOf({ wanted: { run, effect }, reason }: Refusal): TurnLines {
    const at = this.clock.now().getTime();
    const line = { stepId: effect.stepId, kind: effect.type, at, outcome: 'failed' as const, reason };
    return { run, log: [line] };
  }

  /** Notes the intents of the whole batch at once and leaves out what was wanted before. */
  private async fresh(manager: EntityManager, wanted: readonly Wanted[]): Promise<Wanted[]> {
    const intents = wanted.flatMap((item) => this.intentOf(item) ?? []);
    const keys = await noteIntents(manager, intents, this.clock.now());
    return wanted.filter(
      ({ effect }) =>
        !('intentKey' in effect) ||
        keys.delete(effect.intentKey) ||
        this.carrierOf(effect).comesAgain === true,
    );
  }

  private intentOf({ run, effect }: Wanted): Intended | null {
    if (!('intentKey' in effect)) return null;
    const { intentKey, stepId } = effect;
    const { id: runId, rootId, workflowId } = run;
    const personId = 'to' in effect ? (effect.to ?? null) : null;
    const what = this.carrierOf(effect).whatOf?.(effect) ?? effect.type;
    return { intentKey, runId, rootId, workflowId, stepId, kind: effect.type, personId, what };
  }

  private carrierOf({ type }: Effect): Carrier {
    const carrier = this.carriers.find((item) => item.type === type);
    if (!carrier) throw new RangeError(`nobody carries out ${type}`);
    return carrier;
  }
}
