import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LibraryModule } from '../library/library.module.js';
import { ImportsService } from './imports.service.js';
import { SourceHosts } from './source-hosts.js';
import { Source } from './source.entity.js';
import { SourcesController } from './sources.controller.js';
import { SourcesService } from './sources.service.js';
import { UnfurlService } from './unfurl.service.js';

/** Feeds. */
@Module({
  imports: [TypeOrmModule.forFeature([Source]), LibraryModule],
  controllers: [SourcesController],
  providers: [SourcesService, ImportsService, UnfurlService, SourceHosts],
})
export class SourcesModule {}
