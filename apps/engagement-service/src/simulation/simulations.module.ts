import { Module } from '@nestjs/common';
import { InsightsModule } from '../insights/insights.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { SimulationsController } from './simulations.controller.js';
import { SimulationsService } from './simulations.service.js';

/** Workflows played over the past. */
@Module({
  imports: [InsightsModule, WorkflowsModule],
  controllers: [SimulationsController],
  providers: [SimulationsService],
})
export class SimulationsModule {}
