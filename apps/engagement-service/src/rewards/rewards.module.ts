import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { RewardsController } from './rewards.controller.js';
import { RewardsService } from './rewards.service.js';

/** The catalogue of rewards and the claims on it. */
@Module({
  imports: [PeopleModule],
  controllers: [RewardsController],
  providers: [RewardsService],
  exports: [RewardsService],
})
export class RewardsModule {}
