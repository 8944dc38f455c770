import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/platform';
import { checkProgramme, filesDifference, isNothing } from '#libs/programme';
import type { Files, FilesDifference, InputValues, Programme, ProgrammeWorkflow } from '#libs/programme';
import { differences } from '#libs/workflow';
import { readStanding, sameValues } from '../workflows/versions.query.js';
import type { Standing } from '../workflows/versions.query.js';
import { Foresight, ForesightService } from './foresight.service.js';
import type { Forecast } from './foresight.service.js';
import type { Waiting } from './policy.js';
import { lineOf, programmeWrong } from './problems.js';
import { ProgrammeService } from './programme.service.js';
import * as query from './programme.query.js';

/** Another programme, or the same with other values; `base` is what it is compared with. */
export interface Candidate {
  base: number;
  files: Files;
  programme: Programme;
  warnings: string[];
  /** Workflows that are brought back to an earlier version. */
  backTo: Readonly<Record<string, number>>;
}

/** What happens to a workflow, with what is foreseen of its waiting runs. */
export interface WorkflowChange {
  id: string;
  name: string;
  change: 'new' | 'changed' | 'on' | 'off';
  /** The version in force; null for a new workflow. */
  from: number | null;
  /** The version it would become; that of `from` when it is only switched on or off. */
  to: number;
  /** What is otherwise, in words. */
  lines: string[];
  waiting: Forecast[];
}

/** What a candidate would do. */
export interface Plan {
  version: number;
  nothing: boolean;
  files: FilesDifference;
  workflows: WorkflowChange[];
  warnings: string[];
}

/** A plan with what is needed to hold it to a cap. */
export interface Planned {
  plan: Plan;
  foresights: ReadonlyMap<string, Foresight>;
}

/** Compares a candidate with what is in force: files, workflows in words, and the people who wait. Writes nothing. */
@Injectable()
export class PlanService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly foresight: ForesightService,
  ) {}

  /** Files as a candidate; throws `programme_wrong` with everything that is wrong with them. */
  async candidate(
    files: Files,
    values: InputValues = {},
    backTo: Candidate['backTo'] = {},
  ): Promise<Candidate> {
    const standing = await query.readValues(this.database.manager);
    const checked = checkProgramme(files, { ...standing, ...values });
    if (!checked.ok) throw programmeWrong(checked.problems);
    const { programme, warnings } = checked;
    return { base: this.programme.version, files, programme, warnings: warnings.map(lineOf), backTo };
  }

  async plan(candidate: Candidate): Promise<Planned> {
    const standing = await readStanding(this.database.manager);
    const foresights = new Map<string, Foresight>();
    const workflows: WorkflowChange[] = [];
    for (const change of changesOf(candidate.programme.workflows, standing)) {
      const next = change.change === 'off' ? null : change.next;
      const version = change.change === 'changed' ? change.to : -1;
      const foresight =
        change.from === null || change.change === 'on'
          ? null
          : await this.foresight.of(change.id, next, version);
      if (foresight) foresights.set(change.id, foresight);
      const { next: _next, ...told } = change;
      workflows.push({ ...told, waiting: foresight?.steps ?? [] });
    }
    const files = filesDifference(this.programme.files, candidate.files);
    const nothing = isNothing(files) && workflows.length === 0;
    return {
      plan: { version: candidate.base, nothing, files, workflows, warnings: candidate.warnings },
      foresights,
    };
  }
}

type Bare = Omit<WorkflowChange, 'waiting'> & { next: ProgrammeWorkflow['definition'] };

function changesOf(workflows: readonly ProgrammeWorkflow[], standing: readonly Standing[]): Bare[] {
  const changes = workflows.flatMap((workflow) => {
    const old = standing.find(({ workflowId }) => workflowId === workflow.definition.id);
    return changeOf(workflow, old) ?? [];
  });
  const gone = standing.filter(
    ({ workflowId, on }) => on && !workflows.some(({ definition }) => definition.id === workflowId),
  );
  return [...changes, ...gone.map(offOf)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function changeOf({ definition, source, values }: ProgrammeWorkflow, old: Standing | undefined): Bare | null {
  const { id, name } = definition;
  if (!old) return { id, name, change: 'new', from: null, to: 1, lines: [], next: definition };
  const same = old.source === source && sameValues(old.values, values);
  if (same && old.on) return null;
  const lines = same ? [] : differences(old.definition, definition);
  const from = old.version;
  const change = same ? 'on' : 'changed';
  const to = same ? from : from + 1;
  return { id, name, change, from, to, next: definition, lines: told(lines, same, old.on) };
}

function told(lines: string[], same: boolean, on: boolean): string[] {
  const words = same || lines.length > 0 ? lines : ['Nothing it does is otherwise; only its text is'];
  return on ? words : [...words, 'It is switched on again'];
}

const offOf = ({ workflowId: id, version, definition }: Standing): Bare => ({
  id,
  name: definition.name,
  change: 'off',
  from: version,
  to: version,
  lines: ['It is switched off: no run of it starts any more'],
  next: definition,
});

/** Refuses what would write to more people at once than the cap allows. */
export function holdToCap(
  { plan, foresights }: Planned,
  waiting: (id: string) => Waiting,
  cap: number,
): void {
  const counts = plan.workflows.map(({ id }) => ({
    id,
    people: foresights.get(id)?.atOnce(waiting(id)) ?? 0,
  }));
  const people = counts.reduce((sum, each) => sum + each.people, 0);
  if (people <= cap) return;
  const written = (count: number): string =>
    `${count === 1 ? '1 person' : `${count} people`} would be written to at once`;
  throw new DomainError(
    'too_many_at_once',
    409,
    `${written(people)}, and the cap is ${cap}. Nothing was changed; let runs keep their version, or set a cap of ${people}.`,
    counts
      .filter((each) => each.people > 0)
      .map((each) => ({ path: each.id, message: written(each.people) })),
  );
}
