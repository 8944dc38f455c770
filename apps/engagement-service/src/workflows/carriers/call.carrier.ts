import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, afterCommit, stableId } from '#libs/platform';
import type { CallEffect } from '#libs/workflow';
import { wantCalls } from '../../webhooks/calls.query.js';
import type { Turn } from '../turns.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** Calls are noted here and made by a worker; one that has been answered well before is answered at once. */
@Injectable()
export class CallCarrier implements Carrier<'call'> {
  readonly type = 'call';
  readonly comesAgain = true;
  private wake: () => void = () => undefined;
  private readonly hint = (): void => this.wake();

  constructor(private readonly clock: Clock) {}

  onWanted(wake: () => void): void {
    this.wake = wake;
  }

  whatOf({ url }: CallEffect): string {
    return url;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<CallEffect>[]): Promise<Aftermath> {
    const calls = wanted.map(({ run, effect: { intentKey, stepId, url, body, attempt } }) => {
      const webhookId = `msg_${stableId('call', intentKey)}`;
      return { intentKey, webhookId, runId: run.id, stepId, url, body, attempt };
    });
    const known = await wantCalls(manager, calls, this.clock.now());
    afterCommit(manager, this.hint);
    const turns = wanted.flatMap(({ effect, run, triggeredAt, eventOf = null }): Turn[] => {
      const result = known.get(effect.intentKey);
      const input = { type: 'effectSettled', stepId: effect.stepId, result } as const;
      return result ? [{ run, triggeredAt, eventOf, input }] : [];
    });
    return { turns };
  }
}
