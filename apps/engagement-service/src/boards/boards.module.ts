import { Module } from '@nestjs/common';
import { BoardsController } from './boards.controller.js';
import { BoardsService } from './boards.service.js';

/** Leaderboards. */
@Module({ controllers: [BoardsController], providers: [BoardsService] })
export class BoardsModule {}
