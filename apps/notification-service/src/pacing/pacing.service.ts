import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { mailSettingsSchema } from '#libs/contracts';
import type { MailSettings } from '#libs/contracts';
import { Clock } from '#libs/platform';
import { Programme } from '../programme/programme.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { calendarOf, nextDigest } from './moments.js';
import { countedSince, lockPlans, storeDepartures } from './pacing.query.js';
import type { Departure } from './pacing.query.js';
import { planMails } from './plan.js';
import type { Allowance, DueMail, Step } from './plan.js';

const DAY_MS = 86_400_000;
const unlimited = mailSettingsSchema.parse({});

/** The due deliveries of one person. */
export interface DueMails {
  to: Recipient;
  mails: DueMail[];
}

/** Says which of the due deliveries go out now, which together, and which wait. */
@Injectable()
export class Pacing {
  constructor(
    private readonly database: DataSource,
    private readonly programme: Programme,
    private readonly clock: Clock,
  ) {}

  get settings(): MailSettings {
    return this.programme.settings.mail ?? unlimited;
  }

  /** Plans a batch; places among the mails of the week are taken in the same transaction. */
  async plan(people: readonly DueMails[], digests: boolean): Promise<Step[]> {
    if (people.every(({ mails }) => mails.every(isUrgent))) return people.flatMap(goAtOnce);
    return this.database.transaction(async (manager) => {
      const { cap } = this.settings;
      const now = this.clock.now();
      if (cap) await lockPlans(manager);
      const ids = people.map(({ to }) => to.personId);
      const since = new Date(now.getTime() - (cap?.days ?? 0) * DAY_MS);
      const counted = cap ? await countedSince(manager, ids, since) : new Map<string, number[]>();
      const steps = people.flatMap(({ to, mails }) =>
        planMails(mails, this.allowanceOf(to, counted.get(to.personId) ?? [], now.getTime(), digests)),
      );
      const departures = steps.flatMap(departuresOf);
      if (departures.length > 0) await storeDepartures(manager, departures, now);
      return steps;
    });
  }

  private allowanceOf(to: Recipient, counted: number[], now: number, digests: boolean): Allowance {
    const { cap, digest } = this.settings;
    const rhythm = to.digest ?? digest.every;
    const calendar = calendarOf(to, this.programme.settings);
    return {
      now,
      counted,
      cap: cap ? { mails: cap.mails, windowMs: cap.days * DAY_MS } : null,
      digestAt: digests && rhythm !== 'off' ? nextDigest(now, rhythm, calendar, digest) : null,
    };
  }
}

const isUrgent = ({ priority, counted, bundle }: DueMail): boolean =>
  priority === 'urgent' && !counted && bundle === null;

const goAtOnce = ({ mails }: DueMails): Step[] =>
  mails.map(({ id }) => ({ go: 'now', ids: [id], counts: false }));

/** One that goes alone and counts for nothing leaves no trace. */
function departuresOf(step: Step): Departure[] {
  if (step.go !== 'now' || (step.ids.length === 1 && !step.counts)) return [];
  const bundle = step.ids.length > 1 ? step.ids[0]! : null;
  return step.ids.map((id, index) => ({ id, bundle, counts: step.counts && index === 0 }));
}
