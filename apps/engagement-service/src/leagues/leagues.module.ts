import { Module } from '@nestjs/common';
import { LeagueTablesService } from './league-tables.service.js';
import { LeaguesController } from './leagues.controller.js';
import { LeaguesService } from './leagues.service.js';

/** Leagues. */
@Module({ controllers: [LeaguesController], providers: [LeagueTablesService, LeaguesService] })
export class LeaguesModule {}
