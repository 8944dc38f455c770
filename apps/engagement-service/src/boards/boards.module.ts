import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { BoardsController } from './boards.controller.js';
import { BoardsService } from './boards.service.js';
import { ClosingsService } from './closings.service.js';
import { KnownClosings } from './known-closings.js';
import { RankingsService } from './rankings.service.js';
import { VisibilityController } from './visibility.controller.js';

/** Leaderboards, and who is shown on them. */
@Module({
  imports: [PeopleModule],
  controllers: [BoardsController, VisibilityController],
  providers: [BoardsService, ClosingsService, KnownClosings, RankingsService],
})
export class BoardsModule {}
