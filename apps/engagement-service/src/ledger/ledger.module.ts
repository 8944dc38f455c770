import { Module } from '@nestjs/common';
import { LevelsModule } from '../levels/levels.module.js';
import { PeopleModule } from '../people/people.module.js';
import { AdjustmentsService } from './adjustments.service.js';
import { LedgerAlarm } from './alarm.js';
import { LedgerJobsService } from './ledger-jobs.service.js';
import { LedgerController } from './ledger.controller.js';

/** Work on the ledger as a whole. */
@Module({
  imports: [LevelsModule, PeopleModule],
  controllers: [LedgerController],
  providers: [AdjustmentsService, LedgerAlarm, LedgerJobsService],
})
export class LedgerModule {}
