import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { FactsService } from './facts.service.js';
import { InsightsController } from './insights.controller.js';

/** Facts for expressions and letters. */
@Module({
  imports: [PeopleModule],
  controllers: [InsightsController],
  providers: [FactsService],
  exports: [FactsService],
})
export class InsightsModule {}
