import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ReplyOf, RequestOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Allow, CalledBy, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { ApplyService, everyWorkflow } from './apply.service.js';
import type { Applied } from './apply.service.js';
import { PlanService } from './plan.service.js';
import type { Plan } from './plan.service.js';
import { capSchema, waySchema } from './policy.js';
import { ProgrammeService } from './programme.service.js';
import * as query from './programme.query.js';

// How many and how large is told by the check, file by file.
const files = z.record(z.string().max(300), z.string());
const planSchema = z.strictObject({ files });
const applySchema = z.strictObject({ files, waiting: waySchema, cap: capSchema });

/** Characters of a part: in the worst case each takes six bytes, and a message of NATS has a megabyte. */
const PART = 128 * 1024;

/** The programme as code: all its files at once. */
@ApiTags('programme')
@Controller('engagement/programme')
export class ProgrammeController {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly plans: PlanService,
    private readonly applying: ApplyService,
  ) {}

  /** The files in force, byte for byte; version 0 is the folder the service was started with. */
  @Get()
  @Allow('hr')
  get(): object {
    const { version } = this.programme;
    return { version, files: this.programme.files };
  }

  /** Every version that was applied, newest first. */
  @Get('versions')
  @Allow('hr')
  versions(): Promise<object[]> {
    return query.listVersions(this.database.manager);
  }

  /** What these files would change: files, workflows in words, and the runs that wait. Changes nothing. */
  @Post('plan')
  @HttpCode(200)
  @Allow('hr')
  async plan(@Body({ schema: planSchema }) body: z.infer<typeof planSchema>): Promise<Plan> {
    const { plan } = await this.plans.plan(await this.plans.candidate(body.files));
    return plan;
  }

  /** Makes these files the programme, all of them or none. */
  @Put()
  @Allow('admin')
  async apply(
    @Body({ schema: applySchema }) { files: given, waiting, cap }: z.infer<typeof applySchema>,
    @CalledBy() who: Caller,
  ): Promise<Applied> {
    const candidate = await this.plans.candidate(given);
    const how = { who, action: 'apply', what: 'programme', cap, adopt: true };
    return this.applying.apply(candidate, { ...how, waiting: everyWorkflow(waiting) });
  }

  @OnRequest('programme.files')
  async part(
    @Payload() { version, part }: RequestOf<'programme.files'>,
  ): Promise<ReplyOf<'programme.files'>> {
    const stored = await query.versionOf(this.database.manager, version);
    if (!stored) throw notFound('programme_version', String(version));
    const text = JSON.stringify(stored.files);
    return { text: text.slice(part * PART, (part + 1) * PART), more: text.length > (part + 1) * PART };
  }
}
