import { setImmediate as breathe } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { localDate, localToInstant } from '#libs/calendar';
import { Simulation, eventTypesOf, metricTriggers, needsOf } from '#libs/workflow';
import type { Definition, OpenAudience, PersonFacts, SimulatedTurn, SimulationResult } from '#libs/workflow';
import type { FactsService } from '../insights/facts.service.js';
import type { ProgrammeService } from '../programme/programme.service.js';
import { pageOfPeople } from '../workflows/audience.query.js';
import { countActivities, isKept, readHistory } from './history.query.js';
import type { Cursor, Happened, Stretch } from './history.query.js';
import { MembershipWatch } from './membership-watch.js';
import { PastFacts } from './past-facts.js';
import { Thresholds } from './thresholds.js';

/** How far a simulation has come: activities played of all there are, and the moment it stands at. */
export interface Progress {
  played: number;
  of: number;
  at: string;
}

/** What the player stands on. */
export interface PlayerParts {
  manager: EntityManager;
  programme: ProgrammeService;
  facts: FactsService;
}

const PAGE = 2_000;
const PEOPLE_PAGE = 2_000;
/** Runs alive at once; more of them is a workflow that should not be switched on. */
const MAX_LIVING = 500_000;
const DAY_MS = 86_400_000;
/** Moments between two breaths. */
const BREATH = 50;

/** Told by workflows and services of which nothing is kept that could be played again. */
const UNANSWERED = ['answer.given', 'metric.reached', 'audience.entered', 'audience.left', 'schedule'];

/** Plays the history of a stretch through a workflow: pages of events in order of time, memory bounded by people and living runs. */
export class Player {
  private readonly people = new Map<string, PersonFacts>();
  private readonly pastFacts: PastFacts;
  private readonly watch: MembershipWatch;
  private simulation!: Simulation;
  private readonly definition: Definition;
  private nextLook = Infinity;
  private played = 0;

  constructor(
    private readonly parts: PlayerParts,
    definition: Definition,
    private readonly stretch: Stretch,
    private readonly isAbandoned: () => boolean,
  ) {
    // Whoever asks what it would do asks of it switched on.
    this.definition = { ...definition, enabled: true };
    this.pastFacts = new PastFacts(parts.facts, needsOf(this.definition));
    this.watch = new MembershipWatch(this.definition);
  }

  /** Event types the workflow listens to of which the past tells nothing. */
  get unplayed(): string[] {
    const { activityTypes } = this.parts.programme;
    return eventTypesOf(this.definition).filter(
      (type) => !isKept(type) && !activityTypes.has(type) && !UNANSWERED.includes(type),
    );
  }

  /** Plays to the end; yields how far it has come after every page, and returns what it came to. */
  async *play(): AsyncGenerator<Progress, SimulationResult> {
    const { manager } = this.parts;
    await this.begin();
    const wanted = this.wanted();
    const of = await countActivities(manager, wanted.activities, this.stretch);
    const thresholds = this.thresholds();
    let cursor: Cursor = { at: this.stretch.from.toISOString(), id: '' };
    for (;;) {
      const page = await readHistory(manager, wanted, cursor, this.stretch.until, PAGE);
      await this.playPage(page, thresholds);
      const last = page.at(-1);
      yield { played: this.played, of, at: new Date(last?.occurredAt ?? this.stretch.until).toISOString() };
      if (page.length < PAGE || !last) break;
      cursor = last.cursor;
      await this.pause();
    }
    await this.reach(this.stretch.until.getTime() - 1);
    return this.simulation.result();
  }

  private async begin(): Promise<void> {
    const { settings } = this.parts.programme;
    for await (const page of this.pagesOfPeople())
      for (const person of page) this.people.set(person.id, person);
    const zones = [...new Set([...this.people.values()].map(({ calendar }) => calendar.zone))];
    const from = this.stretch.from.getTime();
    this.simulation = new Simulation(this.definition, { programmeZone: settings.zone, zones, from });
    if (!this.watch.isNeeded) return;
    await this.look(from, true);
    this.nextLook = this.lookAfter(from);
  }

  private wanted(): { activities: string[]; kept: string[] } {
    const types = eventTypesOf(this.definition);
    const counted = metricTriggers(this.definition).length > 0 ? [...this.parts.programme.activityTypes] : [];
    const activities = types.filter((type) => this.parts.programme.activityTypes.has(type));
    return { activities: [...new Set([...activities, ...counted])], kept: types.filter(isKept) };
  }

  private thresholds(): Thresholds {
    const firstDay = (id: string): string => localDate(this.stretch.from.getTime(), this.zoneOf(id) ?? 'UTC');
    return new Thresholds(metricTriggers(this.definition), this.parts.programme, firstDay);
  }

  private async playPage(page: readonly Happened[], thresholds: Thresholds): Promise<void> {
    const listened = new Set(eventTypesOf(this.definition));
    const reached = await thresholds.reachedBy(this.parts.manager, page, (id) => this.zoneOf(id));
    await this.prefetch([...page.filter(({ type }) => listened.has(type)), ...[...reached.values()].flat()]);
    for (const happened of page) {
      if (!isKept(happened.type)) this.played += 1;
      if (listened.has(happened.type)) await this.hear(happened);
      for (const crossing of reached.get(happened) ?? []) await this.hear(crossing);
    }
  }

  /** Asks for the facts of a page's people in one question a day, rather than in one for each event. */
  private async prefetch(events: readonly Happened[]): Promise<void> {
    const days = new Map<string, Happened[]>();
    for (const happened of events) {
      const day = localDate(happened.occurredAt, this.parts.programme.settings.zone);
      const ofDay = days.get(day);
      if (ofDay) ofDay.push(happened);
      else days.set(day, [happened]);
    }
    for (const ofDay of days.values()) {
      const ids = new Set(ofDay.map(({ data }) => data['personId']));
      const people = [...ids].flatMap((id) => this.people.get(String(id)) ?? []);
      await this.factsOf(people, ofDay[0]!.occurredAt);
    }
  }

  private async hear(happened: Happened): Promise<void> {
    await this.reach(happened.occurredAt);
    this.simulation.hear(happened);
    await this.drain();
  }

  /** Lets everything happen that is due before a moment: timers, schedules, looks at who belongs. */
  private async reach(until: number): Promise<void> {
    for (let turns = 1; ; turns++) {
      // Others have work to do as well, and whoever asked may have gone.
      if (turns % BREATH === 0) await this.pause();
      const next = Math.min(this.simulation.nextMoment() ?? Infinity, this.nextLook);
      if (next > until) return;
      if (next === this.nextLook) await this.look(next, false);
      else this.simulation.moveTo(next);
      await this.drain();
    }
  }

  private async pause(): Promise<void> {
    if (this.isAbandoned()) throw new Error('whoever asked has gone');
    await breathe();
  }

  private async drain(): Promise<void> {
    await this.weighAll(this.simulation.takeAudiences());
    for (let turns = this.simulation.take(); turns.length > 0; turns = this.simulation.take()) {
      await this.do(turns);
      await this.weighAll(this.simulation.takeAudiences());
      if (this.simulation.size > MAX_LIVING)
        throw new RangeError(`more than ${MAX_LIVING} runs would be alive at once`);
    }
  }

  private async do(turns: readonly SimulatedTurn[]): Promise<void> {
    const ids = new Set(turns.flatMap(({ personId }) => personId ?? []));
    const people = [...ids].flatMap((id) => this.people.get(id) ?? []);
    const facts = await this.factsOf(people);
    this.simulation.do(turns, { person: (id) => this.people.get(id) ?? null, facts });
  }

  private async weighAll(audiences: readonly OpenAudience[]): Promise<void> {
    for (const open of audiences) {
      for (const people of this.pages()) this.simulation.weigh(open, people, await this.factsOf(people));
      this.simulation.close(open);
    }
  }

  /** Who belongs is looked at once a day, at its end: facts of the past are those of whole days. */
  private async look(at: number, first: boolean): Promise<void> {
    this.nextLook = this.lookAfter(at);
    this.simulation.now = Math.max(this.simulation.now, at);
    const facts = async (people: PersonFacts[]) => this.factsOf(people);
    for (const people of this.pages())
      for (const happened of this.watch.look(people, await facts(people), at, first)) {
        this.simulation.hear(happened);
        await this.drain();
      }
  }

  private lookAfter(at: number): number {
    const { zone } = this.parts.programme.settings;
    const today = localToInstant(localDate(at, zone), '23:55', zone);
    return today > at ? today : localToInstant(localDate(at + DAY_MS, zone), '23:55', zone);
  }

  private factsOf(people: readonly PersonFacts[], at = this.simulation.now): ReturnType<PastFacts['at']> {
    const whose = people.map(({ id, calendar }) => ({ id, zone: calendar.zone }));
    return this.pastFacts.at(this.parts.manager, whose, at);
  }

  private zoneOf(personId: string): string | null {
    return this.people.get(personId)?.calendar.zone ?? null;
  }

  private *pages(): Generator<PersonFacts[]> {
    const all = [...this.people.values()];
    for (let at = 0; at < all.length; at += PEOPLE_PAGE) yield all.slice(at, at + PEOPLE_PAGE);
  }

  private async *pagesOfPeople(): AsyncGenerator<PersonFacts[]> {
    const { manager, programme } = this.parts;
    for (let after: string | null = null; ;) {
      const page: PersonFacts[] = await pageOfPeople(
        manager,
        { after, zone: null, limit: PEOPLE_PAGE },
        programme.settings,
      );
      yield page;
      if (page.length < PEOPLE_PAGE) return;
      after = page.at(-1)!.id;
    }
  }
}
