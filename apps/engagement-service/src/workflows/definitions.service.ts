import { readFileSync, readdirSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { events } from '#libs/contracts';
import { Clock, ProgrammeError, notFound } from '#libs/platform';
import { compileWorkflow, eventTypesOf, metricTriggers } from '#libs/workflow';
import type { Catalog, CompiledWorkflow, Definition, Problem } from '#libs/workflow';
import { ProgrammeService } from '../programme/programme.service.js';
import { Watches } from '../scoring/watches.js';

/** A definition in one version; versions never change. */
export interface Version {
  workflowId: string;
  version: number;
  definition: Definition;
  source: string;
}

/** The workflows of the programme: new text is a new version, running runs stay with theirs. */
@Injectable()
export class DefinitionsService implements OnModuleInit {
  private active: Version[] = [];
  private byEvent: ReadonlyMap<string, Version[]> = new Map();
  private readonly pinned = new Map<string, Version>();

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly watches: Watches,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const compiled = this.readAll();
    this.active = await this.database.transaction((manager) =>
      publishAll(manager, compiled, this.clock.now()),
    );
    for (const version of this.active) this.pinned.set(keyOf(version.workflowId, version.version), version);
    this.byEvent = byEventOf(this.active);
    this.watches.setWorkflowWatches(this.active.flatMap(({ definition }) => metricTriggers(definition)));
  }

  list(): readonly Version[] {
    return this.active;
  }

  /** Those in force that an event of this type may start or stop. */
  listening(type: string): readonly Version[] {
    return this.byEvent.get(type) ?? [];
  }

  find(workflowId: string): Version {
    const version = this.active.find((item) => item.workflowId === workflowId);
    if (!version) throw notFound('workflow', workflowId);
    return version;
  }

  /** The version a run is pinned to. */
  async at(manager: EntityManager, workflowId: string, version: number): Promise<Version> {
    const known = this.pinned.get(keyOf(workflowId, version));
    if (known) return known;
    const [row]: Version[] = await manager.query(
      `SELECT workflow_id AS "workflowId", version, source, definition FROM workflow_versions WHERE workflow_id = $1 AND version = $2`,
      [workflowId, version],
    );
    if (!row) throw notFound('workflow_version', `${workflowId} ${version}`);
    this.pinned.set(keyOf(workflowId, version), row);
    return row;
  }

  /** Checks a text against this programme without publishing it. */
  check(source: string, file: string): CompiledWorkflow {
    return compileWorkflow(source, { file, catalog: this.catalog() });
  }

  private readAll(): { definition: Definition; source: string }[] {
    const directory = this.programme.path('workflows');
    const files = readdirSync(directory)
      .filter((file) => file.endsWith('.yaml'))
      .sort();
    const problems: Problem[] = [];
    const compiled = files.flatMap((file) => {
      const source = readFileSync(this.programme.path('workflows', file), 'utf8');
      const result = this.check(source, this.programme.path('workflows', file));
      if (result.ok) return [{ definition: result.definition, source }];
      problems.push(...result.problems);
      return [];
    });
    if (problems.length > 0) throw new ProgrammeError(problems.map(asYamlProblem));
    return compiled;
  }

  private catalog(): Catalog {
    const { badges, metrics, boards } = this.programme;
    return {
      badges: new Set(badges.map(({ id }) => id)),
      metrics: new Set(Object.keys(metrics)),
      boards: new Set(boards.map(({ id }) => id)),
      templates: this.programme.templates,
      events: new Set([...Object.keys(events), ...this.programme.activityTypes]),
    };
  }
}

function byEventOf(versions: readonly Version[]): Map<string, Version[]> {
  const listening = new Map<string, Version[]>();
  for (const version of versions)
    for (const type of eventTypesOf(version.definition))
      listening.set(type, [...(listening.get(type) ?? []), version]);
  return listening;
}

const keyOf = (workflowId: string, version: number): string => `${workflowId}@${version}`;

const asYamlProblem = (problem: Problem): { file: string; line: number; message: string } => ({
  file: problem.file,
  line: problem.line,
  message: [problem.path, problem.message, problem.mend].filter(Boolean).join(': '),
});

async function publishAll(
  manager: EntityManager,
  compiled: readonly { definition: Definition; source: string }[],
  now: Date,
): Promise<Version[]> {
  const published: Version[] = [];
  for (const { definition, source } of compiled)
    published.push(await publish(manager, definition, source, now));
  return published;
}

async function publish(
  manager: EntityManager,
  definition: Definition,
  source: string,
  now: Date,
): Promise<Version> {
  // The update that changes nothing locks the row, so that the next statement sees what another replica has just published.
  await manager.query(
    `INSERT INTO workflows (id, active_version, scheduled_until) VALUES ($1, 0, $2) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id`,
    [definition.id, now],
  );
  const [row]: { version: number; source: string | null }[] = await manager.query(
    `SELECT active_version AS version, source FROM workflows
     LEFT JOIN workflow_versions ON workflow_id = id AND version = active_version WHERE id = $1`,
    [definition.id],
  );
  if (row!.source === source) return { workflowId: definition.id, version: row!.version, definition, source };
  const version = row!.version + 1;
  await manager.query(
    `INSERT INTO workflow_versions (workflow_id, version, source, definition, published_at) VALUES ($1, $2, $3, $4, $5)`,
    [definition.id, version, source, JSON.stringify(definition), now],
  );
  await manager.query(`UPDATE workflows SET active_version = $2 WHERE id = $1`, [definition.id, version]);
  return { workflowId: definition.id, version, definition, source };
}
