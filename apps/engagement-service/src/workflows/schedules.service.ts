import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { localDateTime } from '#libs/calendar';
import { Clock, stableId } from '#libs/platform';
import { newRun, nextScheduled, scheduleFirings } from '#libs/workflow';
import type { Firing } from '#libs/workflow';
import { ProgrammeService } from '../programme/programme.service.js';
import { readClosed } from '../steering/gate.query.js';
import { readZones } from './audience.query.js';
import { BeginningsService } from './beginnings.service.js';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { ExpansionsService } from './expansions.service.js';

/** Fires schedules: each (workflow, trigger, zone, nominal time) once, whatever restarts and however many replicas. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly beginnings: BeginningsService,
    private readonly expansions: ExpansionsService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Fires what has fallen due since the last look; returns how many firings were new. */
  async fireDue(): Promise<number> {
    let fired = 0;
    for (const version of await this.scheduled()) {
      fired += await this.database.transaction((manager) => this.fire(manager, version));
    }
    return fired;
  }

  async nextDue(): Promise<Date | null> {
    const scheduled = await this.scheduled();
    if (scheduled.length === 0) return null;
    const zones = await readZones(this.database.manager);
    const after = this.clock.now().getTime();
    const times = scheduled.flatMap(
      ({ definition }) => nextScheduled(definition, zones, after, this.programme.settings.zone) ?? [],
    );
    return times.length > 0 ? new Date(Math.min(...times)) : null;
  }

  /** Schedules that are stopped are not looked at; what they have missed is up to their misfire policy. */
  private async scheduled(): Promise<Version[]> {
    const { all, workflows } = await readClosed(this.database.manager);
    return this.definitions
      .list()
      .filter(({ workflowId }) => !all && !workflows.includes(workflowId))
      .filter(({ definition }) => definition.on.some(({ kind }) => kind === 'schedule'));
  }

  private async fire(manager: EntityManager, version: Version): Promise<number> {
    const now = this.clock.now();
    const [row]: { until: Date }[] = await manager.query(
      `SELECT scheduled_until AS until FROM workflows WHERE id = $1 AND scheduled_until < $2 FOR UPDATE SKIP LOCKED`,
      [version.workflowId, now],
    );
    if (!row) return 0;
    const ask = {
      after: row.until.getTime(),
      until: now.getTime(),
      now: now.getTime(),
      zones: await readZones(manager),
    };
    const firings = scheduleFirings(version.definition, {
      ...ask,
      programmeZone: this.programme.settings.zone,
    });
    let fired = 0;
    for (const firing of firings) fired += await this.fireOnce(manager, version, firing);
    await manager.query(`UPDATE workflows SET scheduled_until = $2 WHERE id = $1`, [version.workflowId, now]);
    return fired;
  }

  private async fireOnce(manager: EntityManager, version: Version, firing: Firing): Promise<number> {
    const { trigger, zone, nominal, key } = firing;
    const claimed: object[] = await manager.query(
      `INSERT INTO firings (workflow_id, trigger, zone, nominal) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING zone`,
      [version.workflowId, trigger, zone, new Date(nominal)],
    );
    if (claimed.length === 0) return 0;
    const event = { type: 'schedule', zone, nominal: new Date(nominal).toISOString() };
    const id = stableId('firing', version.workflowId, String(trigger), zone, String(nominal));
    const { audience, on } = version.definition;
    const byRecipient = (on[trigger]!.config as { zone?: string }).zone === 'recipient';
    if (audience !== null) {
      const people = byRecipient ? zone : null;
      await this.expansions.openAudience(manager, {
        id,
        version,
        audience,
        // The local time, not the zone: who moves east on the day has had theirs.
        key: byRecipient ? localDateTime(nominal, zone) : key,
        event,
        zone: people,
        triggeredAt: nominal,
      });
    } else {
      const run = newRun({
        id,
        workflowId: version.workflowId,
        version: version.version,
        key,
        personId: null,
        event,
        triggeredAt: nominal,
      });
      await this.beginnings.begin(manager, [{ run, triggeredAt: nominal }]);
    }
    return 1;
  }
}
