import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { compileExpression } from '#libs/expression';
import { Clock, newId } from '#libs/platform';
import { inAudience } from '#libs/workflow';
import type { AudienceTrigger } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './audience-members.query.js';
import type { Changes, Matching, TriggerKey } from './audience-members.query.js';
import { readPeople } from './audience.query.js';
import { audienceCondition } from './audience-sql.js';
import type { Version } from './definitions.service.js';
import { StartsService } from './starts.service.js';
import type { Incoming } from './turns.js';

/** A condition somebody watches. */
export interface WatchedAudience extends TriggerKey {
  version: Version;
  trigger: number;
  watched: AudienceTrigger;
}

/** Finds out who has begun or ceased to match a condition, and starts the runs of `enters` and `leaves`. */
@Injectable()
export class AudiencesService {
  constructor(
    private readonly starts: StartsService,
    private readonly facts: FactsService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Looks at these people; `quietly` only notes who matches. */
  async check(
    manager: EntityManager,
    audience: WatchedAudience,
    personIds: readonly string[],
    quietly: boolean,
  ): Promise<void> {
    if (personIds.length === 0) return;
    const matching = await this.matching(manager, audience, personIds);
    const changes = await query.updateMembers(manager, audience, personIds, matching);
    const events = quietly ? [] : this.eventsOf(audience, changes);
    if (events.length > 0) await this.starts.take(manager, events);
  }

  private eventsOf({ workflowId, trigger, watched }: WatchedAudience, changes: Changes): Incoming[] {
    const [type, who] =
      watched.kind === 'enters' ? ['audience.entered', changes.entered] : ['audience.left', changes.left];
    const occurredAt = this.clock.now().getTime();
    return who.map((personId) => ({
      id: newId(),
      type,
      data: { workflow: workflowId, trigger, personId },
      occurredAt,
    }));
  }

  private async matching(
    manager: EntityManager,
    { version, watched }: WatchedAudience,
    personIds: readonly string[],
  ): Promise<Matching> {
    const now = this.clock.now();
    const sql = audienceCondition({
      audience: watched.audience,
      values: { inputs: version.definition.values },
      zones: await query.allZones(manager),
      now: now.getTime(),
      offset: query.MEMBER_OFFSET,
    });
    if (sql) return sql;
    const people = [...(await readPeople(manager, personIds, this.programme.settings, now)).values()];
    const whose = people.map(({ id, calendar }) => ({ id, zone: calendar.zone }));
    const compiled = compileExpression(watched.audience, 'audience');
    const needs = compiled.ok ? compiled.expression.needs : [];
    const facts = await this.facts.read(manager, needs, whose, now);
    const ids = people.flatMap((person) => {
      const answer = inAudience(version.definition, watched.audience, { person, facts });
      return answer.ok && answer.value === true ? [person.id] : [];
    });
    return { ids };
  }
}
