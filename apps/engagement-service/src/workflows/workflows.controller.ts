import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { Allow, CalledBy, Clock, DomainError, newId } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { inputProblems } from '#libs/workflow';
import { Audit, whoWords } from '../audit/audit.service.js';
import { lineOf, workflowWrong } from '../programme/problems.js';
import { DefinitionsService } from './definitions.service.js';
import { StartsService } from './starts.service.js';
import { variant } from './versions.query.js';
import type { Version } from './versions.query.js';

const startSchema = z.strictObject({
  personId: z.uuid().nullable().default(null),
  /** Values of inputs for this run, where they differ from what is set. */
  values: z.record(z.string(), z.unknown()).default({}),
  /** Makes telling the same start again harmless. */
  id: z.uuid().optional(),
});
const yamlSchema = z.string({ error: 'send the file itself with "Content-Type: application/yaml"' });

/** Workflows as they are switched on. */
@ApiTags('workflows')
@Controller('engagement/workflows')
export class WorkflowsController {
  constructor(
    private readonly definitions: DefinitionsService,
    private readonly starts: StartsService,
    private readonly clock: Clock,
    private readonly database: DataSource,
    private readonly audit: Audit,
  ) {}

  /** Every workflow with how many of its runs stand where. */
  @Get()
  @Allow('hr')
  async list(): Promise<object[]> {
    const counts: { workflowId: string; status: string; count: number }[] = await this.database.query(
      `SELECT workflow_id AS "workflowId", status, count(*) AS count FROM runs WHERE parent_id IS NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return this.definitions.list().map(({ workflowId, version, definition }) => {
      const own = counts.filter((row) => row.workflowId === workflowId);
      return {
        id: workflowId,
        name: definition.name,
        version,
        runs: Object.fromEntries(own.map((row) => [row.status, row.count])),
      };
    });
  }

  @Get(':id')
  @Allow('hr')
  get(@Param('id') id: string): object {
    const { workflowId, version, definition, source } = this.definitions.find(id);
    return { id: workflowId, version, name: definition.name, inputs: definition.inputs, source };
  }

  /**
   * Starts a workflow by hand, for somebody or for nobody in particular; it must listen to `manual`. Its form is GET :id/form; a run
   * started with values of its own is pinned to a version that has them.
   */
  @Post(':id/start')
  @HttpCode(202)
  @Allow('hr')
  async start(
    @Param('id') id: string,
    @Body({ schema: startSchema }) body: z.infer<typeof startSchema>,
    @CalledBy() who: Caller,
  ): Promise<object> {
    const active = this.definitions.find(id);
    if (!active.definition.on.some(({ kind }) => kind === 'manual')) {
      throw new DomainError(
        'workflow_not_manual',
        409,
        `"${id}" is not started by hand; add "manual: true" to its "on".`,
      );
    }
    const { personId, values, id: startId = newId() } = body;
    const occurredAt = this.clock.now().getTime();
    const data = { workflow: id, personId };
    await this.database.transaction(async (manager) => {
      const version = await this.withValues(manager, active, values, whoWords(who));
      await this.starts.take(manager, [{ id: startId, type: 'workflow.started', data, occurredAt, version }]);
      const after = { personId, version: version.version, values };
      await this.audit.note(manager, { who, action: 'start', what: `workflow ${id}`, before: null, after });
    });
    return { started: startId };
  }

  /** The version in force, or one of the same text with these values. Throws 422 with the field for a value that does not fit. */
  private async withValues(
    manager: EntityManager,
    active: Version,
    given: Readonly<Record<string, unknown>>,
    by: string,
  ): Promise<Version> {
    if (Object.keys(given).length === 0) return active;
    const wrong = inputProblems(active.definition, given);
    if (wrong.length > 0)
      throw new DomainError(
        'values_wrong',
        422,
        'Some values do not fit; see "errors".',
        wrong.map(({ field, message, mend }) => ({
          path: `values.${field}`,
          message: `${message}; ${mend}`,
        })),
      );
    const values = { ...active.values, ...given };
    const compiled = this.definitions.check(active.source, `${active.workflowId}.yaml`, values);
    if (!compiled.ok) throw workflowWrong(compiled.problems);
    const { definition } = compiled;
    return variant(manager, { definition, source: active.source, values }, { now: this.clock.now(), by });
  }

  /** Checks a workflow file against this programme; nothing is published. */
  @Post('check')
  @HttpCode(200)
  @ApiConsumes('application/yaml')
  @ApiBody({ schema: { type: 'string' } })
  @Allow('hr')
  check(@Body({ schema: yamlSchema }) source: string): object {
    const result = this.definitions.check(source, 'workflow.yaml');
    if (!result.ok) throw workflowWrong(result.problems);
    const { id, order } = result.definition;
    return { ok: true, id, steps: order, warnings: result.warnings.map(lineOf) };
  }
}
