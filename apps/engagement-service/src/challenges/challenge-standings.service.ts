import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, notFound } from '#libs/platform';
import { stretchToShow } from '#libs/scoring';
import type { Challenge } from '#libs/scoring';
import { Person } from '../people/person.entity.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { ALL, countFinishes, progressOf } from './challenges.query.js';

/** Challenges as they are read: how far they have come, in the running period unless one is named. */
@Injectable()
export class ChallengeStandingsService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  list(): object[] {
    const now = this.clock.now().getTime();
    return this.programme.challenges.map((challenge) => ({ ...challenge, ...this.headOf(challenge, now) }));
  }

  /** How far it has come: everybody together, the teams, or how many people have finished. */
  async get(id: string, period?: string): Promise<object> {
    const challenge = this.find(id);
    const key = period ?? stretchToShow(challenge, this.clock.now().getTime()).key;
    const { manager } = this.database;
    const finished = await countFinishes(manager, id, key);
    const head = { ...challenge, periodKey: key, finished };
    if (challenge.kind === 'personal') return head;
    const progress = await progressOf(manager, id, key);
    return challenge.kind === 'team'
      ? { ...head, teams: progress.map(({ subject, ...rest }) => ({ team: subject, ...rest })) }
      : { ...head, value: progress[0]?.value ?? 0, finishedAt: progress[0]?.finishedAt ?? null };
  }

  /** How far somebody has come: they themselves, their team, or everybody together. */
  async ofPerson(id: string, personId: string, period?: string): Promise<object> {
    const challenge = this.find(id);
    const person = await this.database.manager.findOneBy(Person, { id: personId });
    if (!person) throw notFound('person', personId);
    const key = period ?? stretchToShow(challenge, this.clock.now().getTime()).key;
    const subject = { personal: personId, team: person.team ?? '', collective: ALL }[challenge.kind];
    const [own] = await progressOf(this.database.manager, id, key, subject);
    const { kind, target } = challenge;
    const value = Math.max(0, own?.value ?? 0);
    return { challenge: id, kind, periodKey: key, target, value, finishedAt: own?.finishedAt ?? null };
  }

  private headOf(challenge: Challenge, now: number): object {
    const { key, start, end } = stretchToShow(challenge, now);
    return { periodKey: key, start: new Date(start).toISOString(), end: new Date(end).toISOString() };
  }

  private find(id: string): Challenge {
    const challenge = this.programme.challenges.find((item) => item.id === id);
    if (!challenge) throw notFound('challenge', id);
    return challenge;
  }
}
