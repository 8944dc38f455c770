import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/platform';
import type { Definition, SimulationResult } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import type { Stretch } from './history.query.js';
import { Player } from './player.js';
import type { Progress } from './player.js';

/** A line of a simulation's answer: how far it has come, what it came to, or why it could not go on. */
export type SimulationLine =
  | { progress: Progress }
  | { result: SimulationResult & { workflow: string; from: string; until: string; unplayed: string[] } }
  | { error: string };

const PROGRESS_EVERY_MS = 300;

/** Plays workflows over the past. One at a time: it is thorough, and the service has other things to do. */
@Injectable()
export class SimulationsService {
  private busy = false;

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly facts: FactsService,
  ) {}

  /** Takes the place and answers how to give it back; throws 409 while another simulation is under way. */
  reserve(): () => void {
    if (this.busy)
      throw new DomainError(
        'simulation_busy',
        409,
        'Another simulation is under way; try again when it is over.',
      );
    this.busy = true;
    return () => (this.busy = false);
  }

  /** Plays a stretch of history through a workflow in a read-only snapshot; lines come as they are known. Call `reserve` first. */
  async *lines(
    definition: Definition,
    stretch: Stretch,
    isAbandoned: () => boolean,
  ): AsyncGenerator<SimulationLine> {
    const runner = this.database.createQueryRunner();
    try {
      await runner.query('START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const parts = { manager: runner.manager, programme: this.programme, facts: this.facts };
      yield* tell(new Player(parts, definition, stretch, isAbandoned), definition, stretch);
    } catch (error) {
      yield { error: (error as Error).message };
    } finally {
      await runner.query('ROLLBACK').catch(() => undefined);
      await runner.release();
    }
  }
}

async function* tell(
  player: Player,
  definition: Definition,
  { from, until }: Stretch,
): AsyncGenerator<SimulationLine> {
  const playing = player.play();
  let told = 0;
  for (;;) {
    const { done, value } = await playing.next();
    if (done) {
      const head = { workflow: definition.id, from: from.toISOString(), until: until.toISOString() };
      return void (yield { result: { ...head, ...value, unplayed: player.unplayed } });
    }
    // Real time: how often a person wants to see a bar move.
    const now = performance.now();
    if (now - told < PROGRESS_EVERY_MS) continue;
    told = now;
    yield { progress: value };
  }
}
