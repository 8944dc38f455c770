import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PeopleService } from './people.service.js';

export interface Team {
  name: string;
  leadId: string | null;
  members: number;
}

/** Teams come into being with their first member; here they get a lead. */
@Injectable()
export class TeamsService {
  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
  ) {}

  list(): Promise<Team[]> {
    return this.database.query(
      `SELECT teams.name, teams.lead_id AS "leadId", count(people.id) AS members
       FROM teams LEFT JOIN people ON people.team = teams.name AND people.active
       GROUP BY teams.name ORDER BY teams.name`,
    );
  }

  async put(name: string, leadId: string | null): Promise<Team> {
    if (leadId) await this.people.get(leadId);
    await this.database.query(
      `INSERT INTO teams (name, lead_id) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET lead_id = EXCLUDED.lead_id`,
      [name, leadId],
    );
    return (await this.list()).find((team) => team.name === name)!;
  }
}
