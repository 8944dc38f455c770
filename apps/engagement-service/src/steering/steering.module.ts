import { Module } from '@nestjs/common';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { Backlog } from './backlog.service.js';
import { BulkPages } from './bulk-pages.service.js';
import { HandsService } from './hands.service.js';
import { StatsController } from './stats.controller.js';
import { SteeringController } from './steering.controller.js';
import { SteeringService } from './steering.service.js';
import { StopButtonController } from './stop-button.controller.js';
import { StopButton } from './stop-button.service.js';
import { RunStream } from './run-stream.service.js';
import { StreamController } from './stream.controller.js';

/** Watching and steering workflows while they run. */
@Module({
  imports: [WorkflowsModule],
  controllers: [SteeringController, StopButtonController, StreamController, StatsController],
  providers: [Backlog, BulkPages, HandsService, RunStream, SteeringService, StopButton],
})
export class SteeringModule {}
