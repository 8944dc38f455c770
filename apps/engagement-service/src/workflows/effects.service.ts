import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { Effect } from '#libs/workflow';
import { AwardCarrier } from './carriers/award.carrier.js';
import type { Carrier, Wanted } from './carriers/carrier.js';
import { ExpandCarrier } from './carriers/expand.carrier.js';
import { SendCarrier } from './carriers/send.carrier.js';
import { noteIntents } from './intents.query.js';
import type { Intended } from './intents.query.js';

/** Carries out what runs want, in the transaction that stores their state: each type of effect has its carrier. */
@Injectable()
export class EffectsService {
  private readonly carriers: readonly Carrier[];

  constructor(
    send: SendCarrier,
    award: AwardCarrier,
    expand: ExpandCarrier,
    private readonly clock: Clock,
  ) {
    // A carrier only ever gets effects of its own type (below), which the list cannot express.
    this.carriers = [send, award, expand] as readonly unknown[] as readonly Carrier[];
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted[]): Promise<void> {
    const fresh = await this.fresh(manager, wanted);
    for (const carrier of this.carriers) {
      const own = fresh.filter(({ effect }) => effect.type === carrier.type);
      if (own.length > 0) await carrier.carryOut(manager, own);
    }
  }

  /** Notes the intents of the whole batch at once and leaves out what was wanted before. */
  private async fresh(manager: EntityManager, wanted: readonly Wanted[]): Promise<Wanted[]> {
    const intents = wanted.flatMap((item) => this.intentOf(item) ?? []);
    const keys = await noteIntents(manager, intents, this.clock.now());
    return wanted.filter(({ effect }) => !('intentKey' in effect) || keys.delete(effect.intentKey));
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
