import type { SuiteClient } from '../client/suite-client.js';
import type { Action } from './behaviour.js';
import type { Colleague } from './company.js';

/** What the demo has seen itself do; held against the databases at the end. */
export interface Tally {
  invited: number;
  accepted: number;
  shares: number;
  clicks: number;
}

type Share = Extract<Action, { kind: 'share' }>;
interface Followed {
  readonly id: string;
  readonly path: string;
  readonly share: Share;
}

const humans = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0',
];
const bot = 'LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)';
const AT_ONCE = 12;

/** Plays colleagues and their networks against the real services: pages, REST and links, as people and partners would. */
export class Player {
  readonly tally: Tally = { invited: 0, accepted: 0, shares: 0, clicks: 0 };
  private personIds: string[] = [];
  private posts: string[] = [];
  private visitors = 0;
  /** Shares whose figures the network reports five days later. */
  private readonly measured: { day: number; id: string; share: Share }[] = [];

  constructor(
    private readonly client: SuiteClient,
    private readonly people: readonly Colleague[],
    /** The links that mails carried, by e-mail address. */
    private readonly acceptPath: (email: string) => Promise<string>,
  ) {}

  /** Learns the ids the directory gave; `people` must have been imported. */
  async meet(): Promise<void> {
    const list = await this.client.engagement.get<{ id: string; email: string }[]>(
      '/engagement/people?limit=1000',
    );
    const ids = new Map(list.map(({ id, email }) => [email, id]));
    this.personIds = this.people.map(({ email }) => ids.get(email)!);
  }

  async invite(wave: number, name: string): Promise<void> {
    const personIds = this.people.flatMap((person, who) =>
      person.wave === wave ? [this.personIds[who]!] : [],
    );
    await this.client.engagement.post('/engagement/invitations', { wave: name, personIds });
    this.tally.invited += personIds.length;
  }

  /** What there is to share today, newest first. */
  async lookAtLibrary(): Promise<void> {
    const posts = await this.client.content.get<{ id: string; title: string }[]>('/content/posts?limit=60');
    this.posts = posts.map(({ id }) => id);
  }

  /** Does what is planned for one moment; then visitors follow the links that were shared. */
  async act(day: number, actions: readonly Action[]): Promise<void> {
    const trained = actions.filter(({ kind }) => kind === 'train').map(({ who }) => this.personIds[who]!);
    if (trained.length > 0) await this.train(trained);
    await inTurns(
      actions.filter(({ kind }) => kind === 'accept'),
      ({ who }) => this.accept(who),
    );
    const followed = await inTurns(
      actions.filter((action): action is Share => action.kind === 'share'),
      (share) => this.share(share),
    );
    for (const { id, share } of followed) this.measured.push({ day: day + 5, id, share });
    await inTurns(
      followed.flatMap((item) => this.visitsOf(item)),
      (visit) => visit(),
    );
  }

  /** Networks report what they measured. */
  async report(day: number): Promise<void> {
    const due = this.measured.filter((item) => item.day === day);
    await inTurns(due, ({ id, share }) => {
      const { impressions, visitors } = share;
      return this.client.content.put(`/content/shares/${id}/measures`, {
        impressions,
        reactions: visitors * 2,
      });
    });
  }

  private async train(personIds: readonly string[]): Promise<void> {
    const activities = personIds.map((personId) => ({
      type: 'training.attended',
      personId,
      objectId: 'getting-started',
    }));
    await this.client.engagement.post('/engagement/activities', activities);
  }

  /** Opens the link of the mail, which changes nothing, then presses the button. */
  private async accept(who: number): Promise<void> {
    const path = await this.acceptPath(this.people[who]!.email);
    await this.client.engagement.raw('GET', path);
    const { status } = await this.client.engagement.raw('POST', path);
    if (status !== 200) throw new Error(`An invitation could not be accepted: ${status}`);
    this.tally.accepted += 1;
  }

  private async share(share: Share): Promise<Followed> {
    const postId = this.posts[(share.who * 31 + share.impressions) % this.posts.length]!;
    const body = {
      postId,
      personId: this.personIds[share.who]!,
      network: share.network,
      caption: 'Worth a read.',
    };
    const { id, link } = await this.client.content.post<{ id: string; link: string }>(
      '/content/shares',
      body,
    );
    this.tally.shares += 1;
    return { id, path: new URL(link).pathname, share };
  }

  private visitsOf({ path, share }: Followed): (() => Promise<void>)[] {
    const visit = (userAgent: string): (() => Promise<void>) => {
      const address = addressOf(this.visitors++);
      return () => this.follow(path, userAgent, address);
    };
    const people = Array.from({ length: share.visitors }, (_, index) =>
      visit(humans[index % humans.length]!),
    );
    return [...people, ...Array.from({ length: share.bots }, () => visit(bot))];
  }

  private async follow(path: string, userAgent: string, address: string): Promise<void> {
    await this.client.content.raw('GET', path, {
      headers: { 'user-agent': userAgent, 'x-forwarded-for': address },
    });
    this.tally.clicks += 1;
  }
}

/** An address of its own for every visitor, from a network reserved for benchmarks (RFC 2544). */
const addressOf = (visitor: number): string => `198.18.${(visitor >> 8) & 255}.${visitor & 255}`;

/** A few at a time, answers in order. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let index = 0; index < items.length; index += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(index, index + AT_ONCE).map(work))));
  }
  return results;
}
