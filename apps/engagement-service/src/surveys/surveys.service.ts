import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { periodOf } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import { Clock, ENV, Terminal, notFound, stableId } from '#libs/platform';
import type { Survey } from '#libs/programme';
import type { Env } from '../env.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { optionsOf, resultOf } from './survey.js';

interface Round {
  id: string;
  periodKey: string;
  definition: Survey;
}

const ROUND = `id, period_key AS "periodKey", definition`;

/** Surveys by mail: a round opens when it is first asked, takes one answer a question, and is closed and told once. */
@Injectable()
export class SurveysService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  list(): readonly Survey[] {
    return this.programme.surveys;
  }

  /** The answers a survey offers; `Terminal` when the programme has no such survey. */
  options(id: string): string[] {
    return optionsOf(this.find(id));
  }

  /** Opens the round of the present period unless it is open, or has been closed already. */
  async open(manager: EntityManager, id: string): Promise<void> {
    const survey = this.find(id);
    const now = this.clock.now();
    const { key } = periodOf(survey.per, now.getTime(), this.programme.settings.zone);
    // The round before was forgotten: two of one survey are never open together.
    await this.closeOthers(manager, id, key);
    await manager.query(
      `INSERT INTO survey_rounds (id, survey, period_key, definition, opened_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [stableId('round', id, key), id, key, JSON.stringify(survey), now],
    );
  }

  /** Notes which questions are a survey's, so that their answers are counted there and stay nowhere else. */
  async noteAsked(
    manager: EntityManager,
    asked: readonly { askId: string; survey: string }[],
  ): Promise<void> {
    if (asked.length === 0) return;
    await manager.query(
      `INSERT INTO survey_asks (ask_id, survey, asked_at)
       SELECT ask_id, survey, $3 FROM unnest($1::text[], $2::text[]) AS a(ask_id, survey) ON CONFLICT DO NOTHING`,
      [asked.map(({ askId }) => askId), asked.map(({ survey }) => survey), this.clock.now()],
    );
  }

  /** Which of these questions are a survey's, by their ids. */
  async surveysOf(manager: EntityManager, askIds: readonly string[]): Promise<Map<string, string>> {
    if (askIds.length === 0) return new Map();
    const rows: { askId: string; survey: string }[] = await manager.query(
      `SELECT ask_id AS "askId", survey FROM survey_asks WHERE ask_id = ANY($1)`,
      [askIds],
    );
    return new Map(rows.map(({ askId, survey }) => [askId, survey]));
  }

  /** Counts an answer in the open round; who gave it is not kept. An answer after the end counts nowhere. */
  async answer(manager: EntityManager, id: string, askId: string, answer: string): Promise<void> {
    await manager.query(
      `INSERT INTO survey_answers (round_id, ask_hash, answer)
       SELECT id, $2, $3 FROM survey_rounds WHERE survey = $1 AND closed_at IS NULL ON CONFLICT DO NOTHING`,
      [id, this.anonymous(askId), answer],
    );
  }

  /** A name for a question that nobody without the secret can lead back to who was asked. */
  private anonymous(askId: string): Buffer {
    return createHmac('sha256', this.env.LAUREL_SECRET).update(`survey\u0000${askId}`).digest();
  }

  /** Closes the open round and tells its result, which is hidden below the survey's minimum. Closing twice tells once. */
  async close(manager: EntityManager, id: string): Promise<void> {
    const [round]: Round[] = await manager.query(
      `SELECT ${ROUND} FROM survey_rounds WHERE survey = $1 AND closed_at IS NULL FOR UPDATE`,
      [id],
    );
    if (round) await this.closeRound(manager, id, round);
  }

  /** Every round, newest first; results only of those that are closed and had answers enough. */
  async rounds(id: string): Promise<object[]> {
    if (!this.programme.surveys.some((survey) => survey.id === id)) throw notFound('survey', id);
    return this.database.query(
      `SELECT r.id, period_key AS "periodKey", opened_at AS "openedAt", closed_at AS "closedAt", result,
         (SELECT count(*)::int FROM survey_answers WHERE round_id = r.id) AS answers
       FROM survey_rounds r WHERE survey = $1 ORDER BY opened_at DESC LIMIT 100`,
      [id],
    );
  }

  private async closeOthers(manager: EntityManager, id: string, key: string): Promise<void> {
    const [round]: Round[] = await manager.query(
      `SELECT ${ROUND} FROM survey_rounds WHERE survey = $1 AND closed_at IS NULL AND period_key <> $2 FOR UPDATE`,
      [id, key],
    );
    if (round) await this.closeRound(manager, id, round);
  }

  private async closeRound(manager: EntityManager, survey: string, round: Round): Promise<void> {
    const rows: { answer: string }[] = await manager.query(
      `SELECT answer FROM survey_answers WHERE round_id = $1`,
      [round.id],
    );
    const result = resultOf(
      round.definition,
      rows.map(({ answer }) => answer),
    );
    await manager.query(`UPDATE survey_rounds SET closed_at = $2, result = $3 WHERE id = $1`, [
      round.id,
      this.clock.now(),
      result && JSON.stringify(result),
    ]);
    const data = {
      roundId: round.id,
      survey,
      periodKey: round.periodKey,
      answers: rows.length,
      published: result !== null,
      result,
    };
    await this.outbox.add(manager, [
      event('survey.closed', data, { id: stableId('survey.closed', round.id) }),
    ]);
  }

  private find(id: string): Survey {
    const survey = this.programme.surveys.find((item) => item.id === id);
    if (!survey) throw new Terminal(`the programme has no survey "${id}"`);
    return survey;
  }
}
