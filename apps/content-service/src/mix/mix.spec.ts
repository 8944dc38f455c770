import { describe, expect, it } from '@jest/globals';
import { mixOf } from './mix.js';
import { crowdedTeams, dryGroups, fallingTeams } from './supply.js';

const team = (name: string, posts: number, shares: number) => ({ team: name, posts, shares });

describe('the mix', () => {
  it('stands beside its goals, with the difference in points', () => {
    const mix = mixOf(
      [
        { category: 'company', callToAction: true, posts: 3 },
        { category: 'company', callToAction: false, posts: 3 },
        { category: 'third-party', callToAction: false, posts: 2 },
      ],
      { mix: { company: 40, 'third-party': 40, employee: 20 }, calls_to_action: 20 },
    );
    expect(mix).toEqual({
      posts: 8,
      categories: [
        { category: 'company', posts: 6, share: 75, goal: 40, difference: 35 },
        { category: 'third-party', posts: 2, share: 25, goal: 40, difference: -15 },
        { category: 'employee', posts: 0, share: 0, goal: 20, difference: -20 },
        { category: 'job', posts: 0, share: 0, goal: 0, difference: 0 },
      ],
      callsToAction: { posts: 3, share: 37.5, goal: 20, difference: 17.5 },
    });
  });

  it('of nothing, or without goals, compares nothing', () => {
    expect(mixOf([], { mix: { company: 100 } }).categories[0]).toMatchObject({
      share: null,
      goal: 100,
      difference: null,
    });
    const noGoal = mixOf([{ category: 'job', callToAction: false, posts: 1 }], {});
    expect(noGoal.categories[3]).toMatchObject({ share: 100, goal: null, difference: null });
    expect(noGoal.callsToAction).toMatchObject({ share: 0, goal: null });
  });
});

describe('the supply', () => {
  const now = new Date('2026-03-20T08:00:00Z');
  const since = { from: new Date('2026-03-01T08:00:00Z'), now, limit: 7 };

  it('of a group is dry after so many whole days, also when it never had anything', () => {
    const groups = [
      { groupBy: 'team', name: 'Sales', at: new Date('2026-03-13T08:00:00Z') },
      { groupBy: 'team', name: 'Finance', at: new Date('2026-03-13T08:00:01Z') },
      { groupBy: 'team', name: 'Legal', at: null },
    ] as const;
    expect(dryGroups(groups, since)).toEqual([
      { groupBy: 'team', name: 'Sales', days: 7 },
      { groupBy: 'team', name: 'Legal', days: 19 },
    ]);
  });

  it('is too much for teams beyond the limit, not at it', () => {
    expect(crowdedTeams([team('Sales', 10, 0), team('Legal', 11, 0)], 10)).toEqual([
      { team: 'Legal', figure: 11 },
    ]);
  });

  it('tires a team whose shares for each post fall, but not one with too few posts to tell', () => {
    const before = [team('Sales', 10, 40), team('Legal', 10, 40), team('New', 2, 40), team('Quiet', 10, 0)];
    const recent = [team('Sales', 20, 40), team('Legal', 10, 30), team('New', 10, 1), team('Quiet', 10, 0)];
    expect(fallingTeams(recent, before, 50)).toEqual([{ team: 'Sales', figure: 50 }]);
  });
});
