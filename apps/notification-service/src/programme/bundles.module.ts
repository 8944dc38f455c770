import { Module } from '@nestjs/common';
import { TemplatesModule } from '../templates/templates.module.js';
import { BundlesController } from './bundles.controller.js';
import { Bundles } from './bundles.service.js';

/** Takes what was applied as the programme. */
@Module({ imports: [TemplatesModule], controllers: [BundlesController], providers: [Bundles] })
export class BundlesModule {}
