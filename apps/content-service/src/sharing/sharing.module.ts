import { Module } from '@nestjs/common';
import { LibraryModule } from '../library/library.module.js';
import { PeopleModule } from '../people/people.module.js';
import { ClickRecorder } from './click-recorder.js';
import { LinksService } from './links.service.js';
import { RedirectController } from './redirect.controller.js';
import { SharingController } from './sharing.controller.js';
import { SharingService } from './sharing.service.js';

/** Shares, tracked links and clicks. */
@Module({
  imports: [LibraryModule, PeopleModule],
  controllers: [SharingController, RedirectController],
  providers: [SharingService, LinksService, ClickRecorder],
})
export class SharingModule {}
