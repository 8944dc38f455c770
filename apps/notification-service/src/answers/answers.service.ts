import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { MailLinks } from '../pages/mail-links.js';
import { findQuestion, insertAnswer } from './answers.query.js';
import type { Question } from './answers.query.js';

/** What a link says: which answer to which question; or that it is too late, or no link of ours. */
export type Reading =
  | { state: 'open'; question: Question; answer: string; expiresAt: Date }
  | { state: 'late' | 'invalid'; question?: Question };

/** One answer a mail offers. */
export interface AnswerLink {
  value: string;
  url: string;
}

/** Answers by signed links: reading changes nothing, the first confirmed answer counts, later ones change nothing. */
@Injectable()
export class Answers {
  constructor(
    private readonly database: DataSource,
    private readonly links: MailLinks,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** A link for each answer of a delivery. */
  linksFor(deliveryId: string, options: readonly string[], expiresAt: Date): AnswerLink[] {
    return options.map((value, index) => ({
      value,
      url: this.links.urlFor('answers', `${deliveryId}~${index}`, expiresAt),
    }));
  }

  /** What a link says. */
  async read(token: string): Promise<Reading> {
    const reading = this.links.read('answers', token);
    const [deliveryId, index] = (reading.subject ?? '').split('~');
    const question = deliveryId ? await findQuestion(this.database.manager, deliveryId) : undefined;
    const answer = question?.options[Number(index)];
    if (!question || answer === undefined) return { state: 'invalid' };
    return reading.ok
      ? { state: 'open', question, answer, expiresAt: question.expiresAt }
      : { state: 'late', question };
  }

  /** Counts an answer and tells of it; of several the first stays. */
  async give(question: Question, answer: string): Promise<void> {
    const { askId, personId } = question;
    await this.database.transaction(async (manager) => {
      if (!(await insertAnswer(manager, question, answer, this.clock.now()))) return;
      const id = stableId('answer.given', askId);
      await this.outbox.add(manager, [event('answer.given', { askId, personId, answer }, { id })]);
    });
  }
}
