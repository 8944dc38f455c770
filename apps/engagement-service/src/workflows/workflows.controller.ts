import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Allow, Clock, DomainError, newId } from '#libs/platform';
import { lineOf, workflowWrong } from '../programme/problems.js';
import { DefinitionsService } from './definitions.service.js';
import { StartsService } from './starts.service.js';

const startSchema = z.strictObject({ personId: z.uuid().nullable().default(null) });
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

  /** Starts a workflow by hand, for somebody or for nobody in particular; it must listen to `manual`. */
  @Post(':id/start')
  @HttpCode(202)
  @Allow('hr')
  async start(
    @Param('id') id: string,
    @Body({ schema: startSchema }) { personId }: z.infer<typeof startSchema>,
  ): Promise<object> {
    const { workflowId: workflow, definition } = this.definitions.find(id);
    if (!definition.on.some(({ kind }) => kind === 'manual')) {
      throw new DomainError(
        'workflow_not_manual',
        409,
        `"${id}" is not started by hand; add "manual: true" to its "on".`,
      );
    }
    const data = { workflow, personId };
    const event = { id: newId(), type: 'workflow.started', data, occurredAt: this.clock.now().getTime() };
    await this.database.transaction((manager) => this.starts.take(manager, [event]));
    return { started: event.id };
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
