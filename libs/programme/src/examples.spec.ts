import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { badgeSchema, levelsSchema, streakSchema } from '#libs/scoring';
import { parse } from 'yaml';

const guide = readFileSync('docs/gamification.md', 'utf8');
const section = (heading: string): string => guide.split(/^## /m).find((text) => text.startsWith(heading))!;
const examples = (text: string, begin: RegExp): string[] =>
  [...text.matchAll(/`([^`]+)`/g)]
    .map(([, code]) => code!)
    .filter((code) => begin.test(code) && !code.includes('…'));

describe('the guide to points and badges', () => {
  it.each(examples(section('Badges'), /^when: /))('writes a badge that can be read: %s', (when) => {
    const badge = { id: 'a', name: 'A', description: 'A.', ...(parse(when) as object) };
    expect(badgeSchema.safeParse(badge).error?.issues ?? []).toEqual([]);
  });

  it.each(examples(section('Streaks'), /^\{ id: /))('writes a streak that can be read: %s', (streak) => {
    expect(streakSchema.safeParse(parse(streak)).error?.issues ?? []).toEqual([]);
  });

  it.each(examples(section('Levels'), /^\{ id: /))('writes a level that can be read: %s', (level) => {
    expect(levelsSchema.safeParse([parse(level)]).error?.issues ?? []).toEqual([]);
  });

  it('shows each kind of criterion', () => {
    expect(examples(section('Badges'), /^when: /).length).toBeGreaterThanOrEqual(8);
    expect(examples(section('Streaks'), /^\{ id: /)).toHaveLength(2);
  });
});
