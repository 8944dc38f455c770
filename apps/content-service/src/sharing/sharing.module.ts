import { Module } from '@nestjs/common';
import { LibraryModule } from '../library/library.module.js';
import { MixModule } from '../mix/mix.module.js';
import { PeopleModule } from '../people/people.module.js';
import { ContentProgrammeModule } from '../programme/content-programme.module.js';
import { RedirectModule } from '../redirect/redirect.module.js';
import { PlannedController } from './planned.controller.js';
import { PlannedService } from './planned.service.js';
import { ReadyConsumer, ReadyController } from './ready.controller.js';
import { ReadyService } from './ready.service.js';
import { ReportedController } from './reported.controller.js';
import { ReportedService } from './reported.service.js';
import { SharingController } from './sharing.controller.js';
import { SharingService } from './sharing.service.js';
import { StatesService } from './states.service.js';
import { WordingService } from './wording.service.js';

/** Shares of now, of later and of elsewhere. */
@Module({
  imports: [LibraryModule, MixModule, PeopleModule, ContentProgrammeModule, RedirectModule],
  controllers: [PlannedController, ReadyConsumer, ReadyController, ReportedController, SharingController],
  providers: [SharingService, StatesService, PlannedService, ReadyService, ReportedService, WordingService],
})
export class SharingModule {}
