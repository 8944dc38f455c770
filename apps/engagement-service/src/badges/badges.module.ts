import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { BackfillsController } from './backfills.controller.js';
import { BackfillsService } from './backfills.service.js';
import { BadgesController } from './badges.controller.js';
import { BadgesService } from './badges.service.js';
import { DraftsService } from './drafts.service.js';
import { PreviewsService } from './previews.service.js';
import { ProgressService } from './progress.service.js';
import { ReckoningService } from './reckoning.service.js';
import { StreakReckoning } from './streak-reckoning.service.js';

/** Badges: who has them, how far others are, and what new ones would have brought. */
@Module({
  imports: [PeopleModule],
  controllers: [BackfillsController, BadgesController],
  providers: [
    BackfillsService,
    BadgesService,
    DraftsService,
    PreviewsService,
    ProgressService,
    ReckoningService,
    StreakReckoning,
  ],
  exports: [BadgesService],
})
export class BadgesModule {}
