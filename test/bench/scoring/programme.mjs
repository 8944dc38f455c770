import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { root } from '../stage.mjs';
import { badges } from './badges.mjs';
import { metrics, rules, streaks } from './rules.mjs';

const ZONE = 'Europe/Rome';
const levels = [0, 100, 500, 1500, 5000].map((points, index) => ({
  id: `level-${index + 1}`,
  name: `Level ${index + 1}`,
  points,
}));

/** Six boards over different periods, metrics and groups. */
export const boards = [
  { id: 'week', metric: 'points', period: 'week' },
  { id: 'day', metric: 'points', period: 'day' },
  { id: 'month-teams', metric: 'points', period: 'month', of: 'team', per: 'head' },
  { id: 'month-visits', metric: 'credible_visits', period: 'month' },
  { id: 'quarter-departments', metric: 'points', period: 'quarter', of: 'department' },
  { id: 'shares', metric: 'shares', period: 'all_time' },
].map((board) => ({ name: board.id, zone: ZONE, ...board }));

const fairPlay = [
  {
    id: 'burst',
    name: 'More than ten shares within a minute',
    when: 'post.shared',
    more_than: 10,
    within: '1m',
  },
  {
    id: 'again',
    name: 'The same course twice within a day',
    when: 'training.attended',
    same: ['object'],
    within: '24h',
  },
];

const GONE = [
  'workflows',
  'templates',
  'badges',
  'challenges.yaml',
  'leagues.yaml',
  'rewards.yaml',
  'goals.yaml',
];
const ALSO_GONE = ['surveys.yaml', 'reward-budgets.yaml', 'channels.yaml'];

/** A programme of 30 rules, 40 badges and 6 boards; nothing else listens, so that what is measured is scoring. */
export async function writeProgramme(folder) {
  if (rules.length !== 30 || badges.length !== 40 || boards.length !== 6) throw new Error('count again');
  await cp(join(root, 'programme'), folder, { recursive: true });
  for (const gone of [...GONE, ...ALSO_GONE]) await rm(join(folder, gone), { recursive: true, force: true });
  await mkdir(join(folder, 'workflows'));
  const files = { rules, metrics, badges, boards, streaks, levels, 'fair-play': fairPlay };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, `${name}.yaml`), stringify(content));
}
