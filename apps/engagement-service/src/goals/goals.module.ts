import { Module } from '@nestjs/common';
import { GoalsController } from './goals.controller.js';
import { GoalsService } from './goals.service.js';

/** The launch and the goals of the programme. */
@Module({ controllers: [GoalsController], providers: [GoalsService] })
export class GoalsModule {}
