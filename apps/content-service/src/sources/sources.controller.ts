import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { ImportsService } from './imports.service.js';
import type { ImportResult } from './imports.service.js';
import type { Source } from './source.entity.js';
import { newSourceSchema, sourceEditSchema } from './source.schema.js';
import type { NewSource, SourceEdit } from './source.schema.js';
import type { FetchRecord } from './sources.query.js';
import { SourcesService } from './sources.service.js';

const idSchema = z.uuid();

/** Feeds that posts are imported from. */
@ApiTags('sources')
@Controller('content/sources')
export class SourcesController {
  constructor(
    private readonly sources: SourcesService,
    private readonly imports: ImportsService,
  ) {}

  @Post()
  @Allow('hr')
  add(@Body({ schema: newSourceSchema }) body: NewSource): Promise<Source> {
    return this.sources.add(body);
  }

  @Get()
  @Allow('hr')
  list(): Promise<Source[]> {
    return this.sources.list();
  }

  @Get(':id')
  @Allow('hr')
  get(@Param('id', { schema: idSchema }) id: string): Promise<Source> {
    return this.sources.get(id);
  }

  /** Changes what is given; another address is looked at soon. */
  @Patch(':id')
  @Allow('hr')
  edit(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: sourceEditSchema }) body: SourceEdit,
  ): Promise<Source> {
    return this.sources.edit(id, body);
  }

  /** Takes a source out of the list; the posts it brought stay. */
  @Delete(':id')
  @HttpCode(204)
  @Allow('hr')
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.sources.remove(id);
  }

  /** Stops looking at a source until it is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  @Allow('hr')
  pause(@Param('id', { schema: idSchema }) id: string): Promise<Source> {
    return this.sources.pause(id);
  }

  /** Looks at it again from now on. */
  @Post(':id/resume')
  @HttpCode(200)
  @Allow('hr')
  resume(@Param('id', { schema: idSchema }) id: string): Promise<Source> {
    return this.sources.resume(id);
  }

  /** Imports now; what is in the library already is passed over. A feed that cannot be read says so in `source.lastError`. */
  @Post(':id/import')
  @HttpCode(200)
  @Allow('hr')
  import(@Param('id', { schema: idSchema }) id: string): Promise<ImportResult> {
    return this.imports.import(id);
  }

  /** The last fifty looks at a source, newest first. */
  @Get(':id/fetches')
  @Allow('hr')
  fetches(@Param('id', { schema: idSchema }) id: string): Promise<FetchRecord[]> {
    return this.sources.fetches(id);
  }
}
