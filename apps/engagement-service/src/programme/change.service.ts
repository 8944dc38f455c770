import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, notFound } from '#libs/platform';
import { inputProblems } from '#libs/workflow';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { readStanding, readVersion } from '../workflows/versions.query.js';
import type { Standing } from '../workflows/versions.query.js';
import { PlanService } from './plan.service.js';
import type { Candidate } from './plan.service.js';
import { workflowWrong } from './problems.js';
import { ProgrammeService } from './programme.service.js';

/** What is to become of one workflow: another text, other values, or an earlier version. */
export interface Wish {
  source?: string | undefined;
  values?: Readonly<Record<string, unknown>> | undefined;
  version?: number | undefined;
}

/** Turns what somebody wishes of one workflow into a candidate for the whole programme. */
@Injectable()
export class ChangeService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly definitions: DefinitionsService,
    private readonly plans: PlanService,
  ) {}

  async candidate(id: string, wish: Wish): Promise<Candidate> {
    if (wish.version !== undefined) return this.earlier(id, wish.version);
    const standing = (await readStanding(this.database.manager)).find(({ workflowId }) => workflowId === id);
    const source = wish.source ?? this.ownSource(id);
    const values = wish.values ?? standing?.values ?? {};
    this.check(id, source, wish.values);
    return this.plans.candidate(this.filesWith(id, source), { [id]: values });
  }

  private async earlier(id: string, version: number): Promise<Candidate> {
    const { manager } = this.database;
    const found = await readVersion(manager, id, version);
    if (!found) throw notFound('workflow_version', `${id} ${version}`);
    this.check(id, found.source, undefined);
    const files = this.filesWith(id, found.source);
    return this.plans.candidate(files, { [id]: found.values }, { [id]: version });
  }

  private ownSource(id: string): string {
    const own = this.own(id);
    if (own === undefined) throw notFound('workflow', id);
    return own.source;
  }

  private own(id: string): (Pick<Standing, 'source'> & { file: string }) | undefined {
    return this.programme.checked.workflows.find(({ definition }) => definition.id === id);
  }

  private filesWith(id: string, source: string): Candidate['files'] {
    return { ...this.programme.files, [this.own(id)?.file ?? `workflows/${id}.yaml`]: source };
  }

  // One workflow's mistakes are told as its own, and values by their fields.
  private check(id: string, source: string, values: Wish['values']): void {
    const compiled = this.definitions.check(source, this.own(id)?.file ?? `workflows/${id}.yaml`);
    if (!compiled.ok) throw workflowWrong(compiled.problems);
    if (compiled.definition.id !== id)
      throw new DomainError(
        'workflow_misnamed',
        422,
        `The text says "id: ${compiled.definition.id}", and this is "${id}". The id is how a workflow is known; keep it.`,
      );
    const wrong = inputProblems(compiled.definition, values ?? {}, this.programme.catalog);
    if (wrong.length === 0) return;
    const errors = wrong.map(({ field, message, mend }) => ({ path: field, message: `${message}; ${mend}` }));
    throw new DomainError('values_wrong', 422, 'Some values do not fit; see "errors".', errors);
  }
}
