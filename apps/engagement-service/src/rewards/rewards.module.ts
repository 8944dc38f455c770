import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { DeliveriesService } from './deliveries.service.js';
import { RewardsController } from './rewards.controller.js';
import { RewardsService } from './rewards.service.js';
import { WishesController } from './wishes.controller.js';
import { WishesService } from './wishes.service.js';

/** The catalogue of rewards, what people wish for, and the claims on it. */
@Module({
  imports: [PeopleModule],
  controllers: [RewardsController, WishesController],
  providers: [DeliveriesService, RewardsService, WishesService],
  exports: [RewardsService],
})
export class RewardsModule {}
