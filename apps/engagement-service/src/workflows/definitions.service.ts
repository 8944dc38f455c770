import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, notFound } from '#libs/platform';
import type { ProgrammeWorkflow } from '#libs/programme';
import { compileWorkflow, eventTypesOf, metricTriggers } from '#libs/workflow';
import type { CompiledWorkflow, Definition } from '#libs/workflow';
import { ProgrammeService } from '../programme/programme.service.js';
import { Watches } from '../scoring/watches.js';
import * as query from './versions.query.js';
import { sameValues } from './versions.query.js';
import type { Published, Standing, Version } from './versions.query.js';

export type { Version } from './versions.query.js';

/** The workflows of the programme: new text is a new version, running runs stay with theirs. */
@Injectable()
export class DefinitionsService implements OnModuleInit {
  private active: Version[] = [];
  private byEvent: ReadonlyMap<string, Version[]> = new Map();
  private byStop: ReadonlyMap<string, Version[]> = new Map();
  private readonly pinned = new Map<string, Version>();

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly watches: Watches,
    private readonly clock: Clock,
  ) {}

  /** What the folder says otherwise than the last time is published; what has left it is switched off. */
  async onModuleInit(): Promise<void> {
    const { workflows } = this.programme.checked;
    await this.database.transaction(async (manager) => {
      await this.publish(manager, workflows, { now: this.clock.now(), by: 'programme folder' });
      await this.refresh(manager);
    });
  }

  /** Publishes these, which come into force here with `refresh`, and switches off all others. */
  async publish(
    manager: EntityManager,
    workflows: readonly (ProgrammeWorkflow & { backTo?: number })[],
    published: Published,
  ): Promise<{ versions: Version[]; off: string[] }> {
    const versions: Version[] = [];
    for (const workflow of workflows) versions.push(await query.publish(manager, workflow, published));
    const ids = versions.map(({ workflowId }) => workflowId);
    return { versions, off: await query.switchOffOthers(manager, ids, published.now) };
  }

  /** Takes what is published and switched on, by whichever replica. */
  async refresh(manager: EntityManager): Promise<void> {
    const standing = (await query.readStanding(manager)).filter(({ on }) => on);
    this.active = standing.map((version) => this.asRead(version));
    for (const version of this.active) this.pinned.set(keyOf(version.workflowId, version.version), version);
    this.byEvent = byEventOf(this.active, eventTypesOf);
    this.byStop = byEventOf([...this.active, ...(await this.former(manager))], stopTypesOf);
    this.watches.setWorkflowWatches(this.active.flatMap(({ definition }) => metricTriggers(definition)));
  }

  list(): readonly Version[] {
    return this.active;
  }

  /** Those in force that an event of this type may start, stop or wake. */
  listening(type: string): readonly Version[] {
    return this.byEvent.get(type) ?? [];
  }

  /** Those whose runs an event of this type may stop: in force, or in force once and still run by somebody. */
  stopping(type: string): readonly Version[] {
    return this.byStop.get(type) ?? [];
  }

  /** Whether runs of this workflow may stand in a queue, as far as is known here. */
  hasQueued(workflowId: string): boolean {
    return [...this.pinned.values()].some(
      (version) => version.workflowId === workflowId && version.definition.again === 'queue',
    );
  }

  /** Whether something stops runs of this workflow before they have reached their end. */
  isStoppable(workflowId: string): boolean {
    return [...this.pinned.values()].some(
      (version) => version.workflowId === workflowId && version.definition.stopWhen.length > 0,
    );
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
    const row = await query.readVersion(manager, workflowId, version);
    if (!row) throw notFound('workflow_version', `${workflowId} ${version}`);
    this.pinned.set(keyOf(workflowId, version), row);
    return row;
  }

  /** Checks a text against this programme without publishing it. */
  check(source: string, file: string, values: Readonly<Record<string, unknown>> = {}): CompiledWorkflow {
    return compileWorkflow(source, { file, catalog: this.programme.catalog, inputs: values });
  }

  private async former(manager: EntityManager): Promise<Version[]> {
    const inUse = await query.readInUse(manager);
    const former = inUse.filter(
      ({ workflowId, version }) =>
        !this.active.some((item) => item.workflowId === workflowId && item.version === version),
    );
    return Promise.all(former.map(({ workflowId, version }) => this.at(manager, workflowId, version)));
  }

  // What was stored by an older engine is read by this one, as long as the programme has the same text.
  private asRead({ on: _on, ...version }: Standing): Version {
    const own = this.programme.checked.workflows.find(
      ({ definition }) => definition.id === version.workflowId,
    );
    const same = own?.source === version.source && sameValues(own.values, version.values);
    return same ? { ...version, definition: own.definition } : version;
  }
}

const stopTypesOf = ({ stopWhen }: Definition): string[] => [...new Set(stopWhen.map(({ event }) => event))];

function byEventOf(
  versions: readonly Version[],
  typesOf: (definition: Definition) => readonly string[],
): Map<string, Version[]> {
  const listening = new Map<string, Version[]>();
  for (const version of versions)
    for (const type of typesOf(version.definition))
      listening.set(type, [...(listening.get(type) ?? []), version]);
  return listening;
}

const keyOf = (workflowId: string, version: number): string => `${workflowId}@${version}`;
