import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isZone } from '#libs/calendar';
import type { Env } from '../env.js';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { ProgrammeService } from './programme.service.js';

const programme = new ProgrammeService({ PROGRAMME_DIR: 'programme' } as Env);
const definitions = new DefinitionsService(null as never, programme, null as never, null as never);
const files = readdirSync('programme/workflows');

describe('the programme that comes with Laurel', () => {
  it('is read without a mistake', () => {
    expect(programme.rules.length * programme.badges.length * programme.boards.length).toBeGreaterThan(0);
    expect(programme.settings.locales).toEqual(['en', 'it', 'pl', 'ms']);
    expect(isZone(programme.settings.zone)).toBe(true);
  });

  it.each(files)('has a workflow that compiles: %s', (file) => {
    const result = definitions.check(readFileSync(`programme/workflows/${file}`, 'utf8'), file);
    expect(result.ok ? [] : result.problems).toEqual([]);
    expect(result.ok && `${result.definition.id}.yaml`).toBe(file);
  });

  it('uses metrics, badges and boards it has, and each id once', () => {
    const metrics = Object.keys(programme.metrics);
    expect(
      programme.badges
        .flatMap(({ when }) => when?.metric ?? [])
        .filter((metric) => !metrics.includes(metric)),
    ).toEqual([]);
    for (const list of [programme.rules, programme.badges, programme.boards]) {
      const ids = list.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
    }
  });
});
