import { Module } from '@nestjs/common';
import { PeopleConsumer } from './people.consumer.js';
import { PeopleController } from './people.controller.js';
import { PausesConsumer } from './pauses.consumer.js';
import { PeopleService } from './people.service.js';
import { TeamsService } from './teams.service.js';

/** The directory. */
@Module({
  controllers: [PeopleController, PeopleConsumer, PausesConsumer],
  providers: [PeopleService, TeamsService],
  exports: [PeopleService],
})
export class PeopleModule {}
