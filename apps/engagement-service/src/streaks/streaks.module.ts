import { Module } from '@nestjs/common';
import { BadgesModule } from '../badges/badges.module.js';
import { HealingService } from './healing.service.js';
import { LeaveService } from './leave.service.js';
import { RebuildingService } from './rebuilding.service.js';
import { StandingsService } from './standings.service.js';
import { StreaksController } from './streaks.controller.js';
import { StreaksService } from './streaks.service.js';

/** Streaks, and the leave that freezes them. */
@Module({
  imports: [BadgesModule],
  controllers: [StreaksController],
  providers: [HealingService, LeaveService, RebuildingService, StandingsService, StreaksService],
  exports: [StandingsService, StreaksService],
})
export class StreaksModule {}
