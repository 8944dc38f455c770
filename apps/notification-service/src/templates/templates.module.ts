import { Module } from '@nestjs/common';
import { Drafts } from './drafts.service.js';
import { Pictures } from './pictures.service.js';
import { TemplatesController } from './templates.controller.js';
import { Templates } from './templates.service.js';

@Module({
  controllers: [TemplatesController],
  providers: [Templates, Drafts, Pictures],
  exports: [Templates, Drafts],
})
export class TemplatesModule {}
