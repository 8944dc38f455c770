import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Allow, CalledBy, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { differences, formOf } from '#libs/workflow';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { listVersions, readVersion, showVersion } from '../workflows/versions.query.js';
import type { Version } from '../workflows/versions.query.js';
import { ApplyService } from './apply.service.js';
import type { AppliedChange } from './apply.service.js';
import { ChangeService } from './change.service.js';
import type { Wish } from './change.service.js';
import { PlanService } from './plan.service.js';
import type { Plan } from './plan.service.js';
import { capSchema, waitingSchema } from './policy.js';
import type { Waiting } from './policy.js';
import { ProgrammeService } from './programme.service.js';

const number = z.coerce.number().int().min(1);
const valuesSchema = z.record(z.string().max(200), z.union([z.string(), z.number(), z.boolean()]));
const wishShape = {
  source: z.string().optional(),
  values: valuesSchema.optional(),
  version: z.int().min(1).optional(),
};
const oneThing = [
  (wish: Wish) => wish.source !== undefined || wish.values !== undefined || wish.version !== undefined,
  'give source, values or version',
] as const;
const alone = [
  (wish: Wish) => wish.version === undefined || (wish.source === undefined && wish.values === undefined),
  'a version brings its own text and values; leave source and values out',
] as const;
const planSchema = z
  .strictObject(wishShape)
  .refine(...oneThing)
  .refine(...alone);
const howShape = { waiting: waitingSchema, cap: capSchema };
const publishSchema = z
  .strictObject({ ...wishShape, ...howShape })
  .refine(...oneThing)
  .refine(...alone);
const inputsSchema = z.strictObject({ values: valuesSchema, ...howShape });

/** The versions of workflows: what HR tunes, what would change, and bringing it into force. */
@ApiTags('workflows')
@Controller('engagement/workflows')
export class VersionsController {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly definitions: DefinitionsService,
    private readonly changes: ChangeService,
    private readonly plans: PlanService,
    private readonly applying: ApplyService,
  ) {}

  /** The form in which HR tunes the workflow. */
  @Get(':id/form')
  @Allow('hr')
  form(@Param('id') id: string): object {
    const { version, definition } = this.definitions.find(id);
    return { id, version, fields: formOf(definition, this.programme.catalog) };
  }

  /** Sets the values of the form: they are a new version with the same text. What is left out has its default. */
  @Put(':id/inputs')
  @Allow('hr')
  setInputs(
    @Param('id') id: string,
    @Body({ schema: inputsSchema }) { values, ...how }: z.infer<typeof inputsSchema>,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.put(id, { values }, how, who, 'set inputs');
  }

  /** Every version, newest first: when, by whom, with which values. */
  @Get(':id/versions')
  @Allow('hr')
  async versions(@Param('id') id: string): Promise<object[]> {
    const versions = await listVersions(this.database.manager, id);
    if (versions.length === 0) throw notFound('workflow', id);
    return versions;
  }

  /** One version: its text, values and steps in order. */
  @Get(':id/versions/:version')
  @Allow('hr')
  async version(
    @Param('id') id: string,
    @Param('version', { schema: number }) version: number,
  ): Promise<object> {
    const found = await showVersion(this.database.manager, id, version);
    if (!found) throw notFound('workflow_version', `${id} ${version}`);
    return found;
  }

  /** What version b does otherwise than version a, in words. */
  @Get(':id/versions/:a/diff/:b')
  @Allow('hr')
  async difference(
    @Param('id') id: string,
    @Param('a', { schema: number }) a: number,
    @Param('b', { schema: number }) b: number,
  ): Promise<{ lines: string[] }> {
    const [before, after] = [await this.find(id, a), await this.find(id, b)];
    return { lines: differences(before.definition, after.definition) };
  }

  /** What another text, other values or an earlier version would change, and what would come of the runs that wait. Changes nothing. */
  @Post(':id/plan')
  @HttpCode(200)
  @Allow('hr')
  async plan(
    @Param('id') id: string,
    @Body({ schema: planSchema }) wish: z.infer<typeof planSchema>,
  ): Promise<object> {
    const { plan } = await this.plans.plan(await this.changes.candidate(id, wish));
    const own = plan.workflows.find((item) => item.id === id);
    return own
      ? { ...own, nothing: false, ...restOf(plan, id) }
      : { ...this.unchanged(id), ...restOf(plan, id) };
  }

  /** Makes another text, other values or an earlier version the new version. */
  @Post(':id/publish')
  @HttpCode(200)
  @Allow('hr')
  publish(
    @Param('id') id: string,
    @Body({ schema: publishSchema }) { waiting, cap, ...wish }: z.infer<typeof publishSchema>,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.put(id, wish, { waiting, cap }, who, wish.version === undefined ? 'publish' : 'roll back');
  }

  private async put(
    id: string,
    wish: Wish,
    { waiting, cap }: { waiting: Waiting; cap: number },
    who: Caller,
    action: string,
  ): Promise<object> {
    const candidate = await this.changes.candidate(id, wish);
    const what = `workflow ${id}`;
    const applied = await this.applying.apply(candidate, {
      who,
      action,
      what,
      cap,
      adopt: false,
      waiting: (workflow) => (workflow === id ? waiting : 'keep'),
    });
    const own: AppliedChange | undefined = applied.workflows.find((item) => item.id === id);
    return own ? { ...own, nothing: false, warnings: applied.warnings } : this.unchanged(id);
  }

  private unchanged(id: string): object {
    const { version, definition } = this.definitions.find(id);
    return { id, name: definition.name, nothing: true, version, lines: [] };
  }

  private async find(id: string, version: number): Promise<Version> {
    const found = await readVersion(this.database.manager, id, version);
    if (!found) throw notFound('workflow_version', `${id} ${version}`);
    return found;
  }
}

const restOf = ({ warnings }: Plan, id: string): { warnings: string[] } => ({
  warnings: warnings.filter((line) => line.startsWith(`workflows/${id}.yaml:`)),
});
