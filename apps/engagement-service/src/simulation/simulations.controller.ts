import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Clock, DomainError } from '#libs/platform';
import type { Definition } from '#libs/workflow';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { SimulationsService } from './simulations.service.js';
import type { SimulationLine } from './simulations.service.js';

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => new Date(text));
const simulateSchema = z
  .strictObject({
    /** The id of a workflow that is switched on, or … */
    workflow: z.string().optional(),
    /** … the text of one that is not. */
    source: z.string().max(512_000).optional(),
    /** The last 90 days unless told; `until` is exclusive. */
    from: instant.optional(),
    until: instant.optional(),
  })
  .refine(({ workflow, source }) => (workflow === undefined) !== (source === undefined), {
    error: 'give either workflow or source',
  });

const DAY_MS = 86_400_000;
const MAX_STRETCH_MS = 3 * 366 * DAY_MS;

/** What a workflow would have done, had it been switched on; nothing is written and nobody is told. */
@ApiTags('simulation')
@Controller('engagement/simulations')
export class SimulationsController {
  constructor(
    private readonly simulations: SimulationsService,
    private readonly definitions: DefinitionsService,
    private readonly clock: Clock,
  ) {}

  /** Answers lines of JSON as they come: `progress` again and again, and at the end `result` (or `error`). */
  @Post()
  @HttpCode(200)
  @Allow('hr')
  simulate(@Body({ schema: simulateSchema }) body: z.infer<typeof simulateSchema>): StreamableFile {
    const definition = this.definitionOf(body);
    const until = body.until ?? this.clock.now();
    const from = body.from ?? new Date(until.getTime() - 90 * DAY_MS);
    if (from >= until) throw new DomainError('stretch_empty', 422, '"from" must lie before "until".');
    if (until.getTime() - from.getTime() > MAX_STRETCH_MS)
      throw new DomainError('stretch_long', 422, 'Three years at a time, at most; choose a shorter stretch.');
    const release = this.simulations.reserve();
    const stream: Readable = Readable.from(
      asText(this.simulations.lines(definition, { from, until }, () => stream.destroyed)),
    );
    // Also when whoever asked has gone away, or never read a line.
    stream.once('close', release);
    return new StreamableFile(stream, { type: 'application/x-ndjson' });
  }

  private definitionOf({ workflow, source }: z.infer<typeof simulateSchema>): Definition {
    if (workflow !== undefined) return this.definitions.find(workflow).definition;
    const result = this.definitions.check(source ?? '', 'workflow.yaml');
    if (result.ok) return result.definition;
    const errors = result.problems.map(({ file, line, path, message, mend }) => ({
      path,
      message: `${file}:${line}: ${message}${mend ? `; ${mend}` : ''}`,
    }));
    throw new DomainError('workflow_wrong', 422, 'The workflow has mistakes; see "errors".', errors);
  }
}

async function* asText(lines: AsyncGenerator<SimulationLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}
