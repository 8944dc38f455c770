import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { categories } from '../library/post.entity.js';
import type { Source } from './source.entity.js';
import { SourcesService } from './sources.service.js';
import type { ImportResult } from './sources.service.js';

const sourceSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }).max(2000),
  category: z.enum(categories),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'is not a language such as en')
    .default('en'),
  everyHours: z
    .int()
    .min(1)
    .max(24 * 7)
    .default(6),
});

/** Feeds that posts are imported from. */
@ApiTags('sources')
@Controller('content/sources')
export class SourcesController {
  constructor(private readonly sources: SourcesService) {}

  @Post()
  @Allow('hr')
  add(@Body({ schema: sourceSchema }) body: z.infer<typeof sourceSchema>): Promise<Source> {
    return this.sources.add(body);
  }

  @Get()
  @Allow('hr')
  list(): Promise<Source[]> {
    return this.sources.list();
  }

  /** Imports now; what is in the library already is passed over. A feed that cannot be read says so in `source.lastError`. */
  @Post(':id/import')
  @HttpCode(200)
  @Allow('hr')
  import(@Param('id', { schema: z.uuid() }) id: string): Promise<ImportResult> {
    return this.sources.import(id);
  }
}
