import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, DomainError, ENV, readToken, signToken } from '#libs/platform';
import type { Env } from '../env.js';
import { noteOwn } from '../redirect/clicks.query.js';
import { FirstSight } from '../redirect/first-sight.js';
import type { Sight } from '../redirect/first-sight.js';
import { networkNames } from './networks.js';
import type { Network } from './networks.js';
import { PlannedService } from './planned.service.js';
import { readyPage } from './ready.page.js';
import type { ReadyPage } from './ready.page.js';
import { readyWords } from './ready.words.js';
import type { ReadyWords } from './ready.words.js';

const PURPOSE = 'planned share';
/** How long after its time a share can still be made by the link of its mail. */
const OPEN_MS = 14 * 86_400_000;

interface Ready {
  id: string;
  personId: string;
  network: Network;
  caption: string;
  status: 'planned' | 'due' | 'shared' | 'cancelled';
  title: string;
  locale: string | null;
}

/** What a page came to. */
export interface Shown {
  status: number;
  html: string;
}

/** The signed pages by which people make the shares they planned, from the mail that says it is time. */
@Injectable()
export class ReadyService {
  private readonly sight: FirstSight;

  constructor(
    private readonly database: DataSource,
    private readonly planned: PlannedService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.sight = new FirstSight(env.LAUREL_SECRET);
  }

  /** Signed links of planned shares that can still be made; the others are simply absent. */
  async links(ids: readonly string[]): Promise<{ plannedShareId: string; url: string }[]> {
    const rows: { id: string; at: Date }[] = await this.database.query(
      `SELECT id, due_at AS at FROM planned_shares WHERE id = ANY($1::uuid[]) AND status IN ('planned', 'due', 'shared')`,
      [ids],
    );
    return rows.map(({ id, at }) => {
      const token = signToken(this.env.LAUREL_SECRET, PURPOSE, id, new Date(at.getTime() + OPEN_MS));
      return { plannedShareId: id, url: `${this.env.PUBLIC_CONTENT_URL}/s/${token}` };
    });
  }

  /** Changes nothing. */
  async show(token: string): Promise<Shown> {
    const ready = await this.read(token);
    if (!ready) return invalid;
    const words = readyWords(ready.locale ?? 'en');
    if (ready.status === 'cancelled') return over(words);
    const share = { title: ready.title, caption: ready.caption };
    return page(200, ready.network, {
      words,
      heading: words.heading,
      text: words.text,
      share,
      confirm: words.confirm,
    });
  }

  /** Makes the share and leads to the network's own page; once more leads there again. From where it is made, visits are the person's own. */
  async make(token: string, sight: Sight): Promise<Shown> {
    const ready = await this.read(token);
    if (!ready) return invalid;
    const words = readyWords(ready.locale ?? 'en');
    const now = this.clock.now();
    try {
      await noteOwn(this.database.manager, ready.personId, this.sight.visitor(sight, now.getTime()), now);
      const { intentUrl } = await this.planned.share(ready.id);
      const open = { url: intentUrl, label: words.open };
      return page(200, ready.network, { words, heading: words.made, text: words.madeText, open });
    } catch (error) {
      if (error instanceof DomainError) return over(words);
      throw error;
    }
  }

  private async read(token: string): Promise<Ready | null> {
    const reading = readToken(this.env.LAUREL_SECRET, PURPOSE, token, this.clock.now());
    if (!reading.ok) return null;
    const [row]: Ready[] = await this.database.query(
      `SELECT p.id, p.person_id AS "personId", p.network, p.caption, p.status, posts.title, people.locale FROM planned_shares p
       JOIN posts ON posts.id = p.post_id LEFT JOIN people ON people.person_id = p.person_id WHERE p.id::text = $1`,
      [reading.subject],
    );
    return row ?? null;
  }
}

function page(status: number, network: Network, shown: ReadyPage): Shown {
  const fill = (text: string): string => text.replaceAll('{network}', networkNames[network]);
  const open = shown.open && { ...shown.open, label: fill(shown.open.label) };
  return { status, html: readyPage({ ...shown, text: fill(shown.text), open }) };
}

const over = (words: ReadyWords): Shown => ({
  status: 410,
  html: readyPage({ words, heading: words.over, text: words.overText }),
});
const english = readyWords('en');
const invalid: Shown = {
  status: 404,
  html: readyPage({ words: english, heading: english.invalid, text: english.invalidText }),
};
