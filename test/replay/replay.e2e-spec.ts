import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

interface Line {
  badge: string;
  real: number;
  awarded: number;
  both: number;
  only?: 'real' | 'awarded';
  person?: string;
}

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the replay prints of a dump, by badge; lines of single awards apart. */
function replay(folder: string): Promise<{ badges: Map<string, Line>; differences: Line[] }> {
  const args = [pathOf('./run.mjs'), 'stack-exchange', folder, '--differences'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error) return reject(new Error(stderr, { cause: error }));
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      const badges = lines.filter(({ only }) => only === undefined);
      resolve({
        badges: new Map(badges.map((line) => [line.badge, line])),
        differences: lines.filter(({ only }) => only !== undefined),
      });
    });
  });
}

describe('the badges of Stack Exchange as a programme', () => {
  it('are those of a small community, each by its rule', async () => {
    const { badges, differences } = await replay(pathOf('./stack-exchange/sample'));
    const figures = [...badges.values()]
      .filter(({ real, awarded }) => real + awarded > 0)
      .map(({ badge, real, awarded, both }) => `${badge} ${real} ${awarded} ${both}`);
    expect(figures.toSorted()).toEqual([
      'Commentator 1 1 1',
      'Editor 1 1 1',
      'Enlightened 1 1 1',
      'Nice Answer 1 1 1',
      'Nice Question 1 1 1',
      'Organizer 1 1 1',
      'Scholar 1 1 1',
      'Self-Learner 1 1 1',
      'Student 1 1 1',
      'Teacher 2 1 1',
    ]);
    // A real award whose answer was deleted.
    expect(differences).toMatchObject([{ badge: 'Teacher', only: 'real', person: '3' }]);
  }, 120_000);

  const dump = pathOf('../../../shared/data/community');
  if (!existsSync(dump)) return console.warn(`The real community is skipped: ${dump} is not here.`);

  it('are those of a real community, with at least 95 % precision and recall where the dump holds the cause', async () => {
    const { badges, differences } = await replay(dump);
    const frequent = [...badges.values()].filter(({ real }) => real > 10);
    expect(frequent.map(({ badge }) => badge)).toEqual(
      expect.arrayContaining(['Student', 'Teacher', 'Scholar', 'Editor', 'Nice Question', 'Nice Answer']),
    );
    for (const { badge, real, awarded, both } of frequent) {
      const uncaused = differences.filter(
        (line) => line.badge === badge && line.only === 'real' && UNCAUSED.has(`${badge} ${line.person}`),
      ).length;
      expect({ badge, precise: both / awarded >= 0.95, complete: both / (real - uncaused) >= 0.95 }).toEqual({
        badge,
        precise: true,
        complete: true,
      });
    }
  }, 120_000);
});

/** Real awards without their cause in this dump: an acceptance, and the tenth vote on an answer that now has nine, were taken back. */
const UNCAUSED = new Set(['Scholar 24', 'Nice Answer 31']);
