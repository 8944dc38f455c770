/** Metric, and the thresholds of its tiers. */
const tiered = [
  ['shares', 10, 50, 200],
  ['own_words', 5, 25, 100],
  ['networks', 2, 3, 4],
  ['credible_visits', 25, 100, 500],
  ['impressions', 10_000, 100_000, 1_000_000],
  ['reactions', 50, 250, 1000],
  ['trainings', 2, 5, 10],
  ['thanks', 5, 25, 100],
  ['meetups', 2, 5, 10],
  ['ideas', 2, 5, 10],
].map(([metric, bronze, silver, gold]) => [`${metric}-tiers`, { metric, tiers: { bronze, silver, gold } }]);

/** Metric, period, threshold. */
const repeated = [
  ['shares', 'week', 5],
  ['shares', 'month', 15],
  ['credible_visits', 'day', 10],
  ['credible_visits', 'week', 25],
  ['credible_visits', 'month', 75],
  ['visits', 'week', 50],
  ['impressions', 'week', 20_000],
  ['reactions', 'month', 200],
  ['leads', 'month', 3],
  ['thanks', 'week', 5],
  ['thanks', 'month', 10],
  ['answers', 'quarter', 8],
].map(([metric, per, reaches]) => [
  `${metric.replace('_', '-')}-${per}`,
  { metric, reaches, per },
  { repeat: per },
]);

const once = ['shares', 'credible_visits', 'trainings', 'ideas', 'meetups'].map((metric) => [
  `first-${metric}`,
  { metric, reaches: 1 },
]);

const others = [
  ['loved-post', { metric: 'credible_visits', reaches: 25, of: 'event.postId' }],
  ['each-loved-post', { metric: 'credible_visits', reaches: 15, of: 'event.postId' }, { repeat: 'object' }],
  ['seen-post', { metric: 'visits', reaches: 40, of: 'event.postId' }],
  [
    'round-post',
    {
      all: [
        { metric: 'visits', reaches: 30 },
        { metric: 'shares', reaches: 3 },
      ],
      of: 'event.postId',
    },
  ],
  ['steady-weeks', { streak: 'sharing-weeks', tiers: { bronze: 4, silver: 12, gold: 26 } }],
  ['steady-days', { streak: 'sharing-days', tiers: { bronze: 5, silver: 20, gold: 60 } }],
  ['visited-weeks', { streak: 'visited-weeks', reaches: 4 }],
  ['visited-quarter', { streak: 'visited-weeks', reaches: 13 }],
  ['beginner', { badges: ['first-shares', 'first-credible-visits'] }],
  ['all-rounder', { badges: ['first-shares', 'first-trainings', 'first-ideas', 'first-meetups'] }],
  ['great-week', { badges: ['shares-week', 'credible-visits-week'] }],
  ['pioneer', { metric: 'shares', reaches: 100, first: 'company' }],
  ['pioneer-of-team', { metric: 'credible_visits', reaches: 50, first: 'team' }],
];

/** Forty badges: tiers, periods, objects, streaks, sets, firsts. */
export const badges = [...tiered, ...repeated, ...once, ...others].map(([id, when, more]) => ({
  id: id.replaceAll('_', '-'),
  name: id,
  description: id,
  when,
  ...more,
}));
