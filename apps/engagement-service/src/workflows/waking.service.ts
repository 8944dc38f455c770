import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import { eventTypesOf } from '#libs/workflow';
import { CarefulDriver } from './careful.service.js';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { earsFor, hasEars } from './hearing.js';
import * as query from './hearing.query.js';
import type { HeardAt } from './hearing.query.js';
import { lockListening } from './runs.query.js';
import type { StoredRun } from './runs.query.js';
import type { Started } from './starts.service.js';
import type { Heard, Incoming, Turn } from './turns.js';

/** Events and the versions whose runs may wait for them. */
interface Listened {
  version: Version;
  heard: Heard[];
}

/** Lets waiting runs hear events: those of the versions in force, and of older ones with runs that still wait. */
@Injectable()
export class WakingService implements OnModuleInit {
  /** Types that runs may wait for, of versions that are or were in force. */
  private readonly types = new Set<string>();
  private seen: readonly Version[] = [];

  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly driver: CarefulDriver,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const { manager } = this.database;
    for (const { workflowId, version } of await query.listeningVersions(manager))
      this.learn([await this.definitions.at(manager, workflowId, version)]);
  }

  /** Whether runs may wait for events of this type. */
  concerns(type: string): boolean {
    const inForce = this.definitions.list();
    // A version that goes out of force may leave runs behind which wait.
    if (inForce !== this.seen) this.learn((this.seen = inForce));
    return this.types.has(type);
  }

  private learn(versions: readonly Version[]): void {
    for (const { definition } of versions) for (const type of eventTypesOf(definition)) this.types.add(type);
  }

  /** Gives events (in order) to the runs that wait for them, and keeps them for those that begin to. */
  async wake(
    manager: EntityManager,
    events: readonly Incoming[],
    starts: readonly Started[],
    isMeant: (workflowId: string) => boolean,
  ): Promise<void> {
    const told = events.filter(({ type }) => this.concerns(type));
    const all = told.length > 0 ? await this.listenedBy(manager, told) : [];
    const listened = all.filter(({ version }) => isMeant(version.workflowId));
    const heard = placesOf(listened);
    const beginners = starts.filter(({ version }) => hasEars(version.definition)).flatMap(whomOf);
    const whom = heard.map(({ awaitEvent, awaitOn }) => query.lockOf(awaitEvent, awaitOn));
    await query.lockEars(
      manager,
      [...whom, ...beginners].filter((who) => !who.startsWith('ask:')),
    );
    if (heard.length === 0) return;
    await query.keepHeard(manager, heard, this.clock.now());
    const versions = listened.map(({ version }) => version);
    const runs = await lockListening(manager, versions, heard);
    await query.deferHeard(
      manager,
      versions,
      heard,
      runs.map(({ run }) => run.id),
    );
    await this.driver.move(
      manager,
      runs.map((stored) => turnOf(stored, listened)),
    );
  }

  private async listenedBy(manager: EntityManager, events: readonly Incoming[]): Promise<Listened[]> {
    const versions = new Map(this.definitions.list().map((version) => [nameOf(version), version]));
    for (const { workflowId, version } of await query.listeningVersions(manager))
      if (!versions.has(nameOf({ workflowId, version })))
        versions.set(
          nameOf({ workflowId, version }),
          await this.definitions.at(manager, workflowId, version),
        );
    return [...versions.values()].flatMap((version) => {
      const heard = earsFor(version.definition, events);
      return heard.length > 0 ? [{ version, heard }] : [];
    });
  }
}

const nameOf = ({ workflowId, version }: query.VersionKey): string => `${workflowId}@${version}`;

const whomOf = ({ key, personId }: Started): string[] => [
  ...(key === null ? [] : [`key:${key}`]),
  ...(personId === null ? [] : [`person:${personId}`]),
];

/** Each event at each place once, whichever workflows listen there. */
function placesOf(listened: readonly Listened[]): HeardAt[] {
  const places = new Map<string, HeardAt>();
  for (const { heard } of listened)
    for (const { event, ears } of heard)
      for (const ear of ears) {
        const [awaitEvent, awaitOn] = [ear.slice(0, ear.indexOf(' ')), ear.slice(ear.indexOf(' ') + 1)];
        places.set(`${event.id} ${ear}`, { event, awaitEvent, awaitOn });
      }
  return [...places.values()];
}

function turnOf(stored: StoredRun, listened: readonly Listened[]): Turn {
  const { workflowId, version } = stored.run;
  const events = listened.find((item) => nameOf(item.version) === nameOf({ workflowId, version }))!.heard;
  return { ...stored, input: { type: 'heard', events } };
}
