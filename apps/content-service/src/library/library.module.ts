import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PeopleModule } from '../people/people.module.js';
import { ContentProgrammeModule } from '../programme/content-programme.module.js';
import { TargetingModule } from '../targeting/targeting.module.js';
import { CalendarController } from './calendar.controller.js';
import { CommentsService } from './comments.service.js';
import { DueService } from './due.service.js';
import { EditsService } from './edits.service.js';
import { LibraryConsumer } from './library.consumer.js';
import { LibraryController } from './library.controller.js';
import { LibraryService } from './library.service.js';
import { Post } from './post.entity.js';
import { PublicationsService } from './publications.service.js';
import { ReviewController } from './review.controller.js';
import { ReviewService } from './review.service.js';
import { ScheduleService } from './schedule.service.js';
import { SearchService } from './search.service.js';
import { SuggestionsController } from './suggestions.controller.js';
import { SuggestionsService } from './suggestions.service.js';

/** Posts. */
@Module({
  imports: [TypeOrmModule.forFeature([Post]), PeopleModule, ContentProgrammeModule, TargetingModule],
  controllers: [
    CalendarController,
    LibraryController,
    ReviewController,
    SuggestionsController,
    LibraryConsumer,
  ],
  providers: [
    CommentsService,
    DueService,
    EditsService,
    LibraryService,
    PublicationsService,
    ReviewService,
    ScheduleService,
    SearchService,
    SuggestionsService,
  ],
  exports: [LibraryService],
})
export class LibraryModule {}
