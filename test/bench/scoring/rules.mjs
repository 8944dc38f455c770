/** What is counted. */
export const metrics = {
  shares: { count: 'post.shared' },
  own_words: { count: 'post.shared', if: 'event.own' },
  networks: { distinct: 'post.shared', of: 'event.network' },
  visits: { count: 'post.visited' },
  credible_visits: { count: 'post.visited', if: 'event.credible' },
  impressions: { sum: 'post.measured', of: 'event.impressions' },
  reactions: { sum: 'post.measured', of: 'event.reactions' },
  leads: { sum: 'post.measured', of: 'event.leads' },
  trainings: { count: 'training.attended' },
  hours_learnt: { sum: 'training.attended', of: 'event.hours' },
  thanks: { count: 'thanks.given' },
  meetups: { count: 'meetup.visited' },
  ideas: { count: 'idea.given' },
  answers: { count: 'pulse.answered' },
};
for (const [id, metric] of Object.entries(metrics)) metric.name = id;

/** id, type, points, then what else there is. */
const lines = [
  ['share', 'post.shared', 2, { limit: { per: 'day', times: 5 } }],
  ['share-own-words', 'post.shared', 3, { if: 'event.own', limit: { per: 'day', points: 9 } }],
  [
    'share-x',
    'post.shared',
    1,
    { if: 'event.network == "x" && event.own', limit: { per: 'week', times: 3 } },
  ],
  ['share-spring', 'post.shared', 5, { valid_from: '2024-03-01', valid_to: '2024-06-01' }],
  ['share-other', 'post.shared', 1, { if: 'event.network in ["mastodon", "bluesky"]' }],
  ['shared-by-others', 'post.shared', 2, { to: 'author', limit: { per: 'day', times: 5 } }],
  ['visit', 'post.visited', 10, { if: 'event.credible', limit: { per: 'day', points: 200 } }],
  [
    'visit-abroad',
    'post.visited',
    2,
    { if: 'event.credible && event.country == "MY"', limit: { per: 'day', times: 10 } },
  ],
  ['visit-late', 'post.visited', 1, { if: 'event.credible && event.hour >= 22' }],
  [
    'visit-post',
    'post.visited',
    1,
    { if: 'event.credible && event.hour < 3', limit: { per_object: 'event.postId', times: 25 } },
  ],
  ['visit-spring', 'post.visited', 3, { valid_from: '2024-03-01', valid_to: '2024-06-01' }],
  [
    'visit-autumn',
    'post.visited',
    3,
    { if: 'event.credible', valid_from: '2024-09-01', valid_to: '2024-12-01' },
  ],
  ['reach-1k', 'post.measured', 5, { if: 'event.impressions >= 1000', limit: { per: 'week', times: 10 } }],
  ['reach-10k', 'post.measured', 20, { if: 'event.impressions >= 10000' }],
  ['loved', 'post.measured', 3, { if: 'event.reactions >= 50', limit: { per: 'month', points: 60 } }],
  ['lead', 'post.measured', 30, { if: 'event.leads > 0', budget: { per: 'month', points: 100_000 } }],
  [
    'training',
    'training.attended',
    50,
    {
      limit: [
        { per: 'month', times: 4 },
        { per_object: true, times: 1 },
      ],
    },
  ],
  ['long-training', 'training.attended', 20, { if: 'event.hours >= 8' }],
  [
    'policy',
    'training.attended',
    10,
    { if: 'event.course == "policy"', limit: { per: 'all_time', times: 1 } },
  ],
  ['thanked', 'thanks.given', 3, { to: 'event.toPersonId', limit: { per: 'week', times: 5 } }],
  ['thanking', 'thanks.given', 1, { limit: { per: 'day', times: 2 } }],
  ['warm-thanks', 'thanks.given', 1, { if: 'size(event.text) > 40', limit: { per: 'day', times: 2 } }],
  ['meetup', 'meetup.visited', 15, { limit: { per: 'month', times: 4 } }],
  ['speaker', 'meetup.visited', 40, { if: 'event.role == "speaker"' }],
  ['host', 'meetup.visited', 30, { if: 'event.role == "host"' }],
  ['idea', 'idea.given', 5, { limit: { per: 'week', times: 3 } }],
  ['idea-adopted', 'idea.given', 25, { if: 'event.adopted', limit: { per: 'quarter', times: 4 } }],
  ['idea-of-team', 'idea.given', 5, { if: 'event.adopted', to: 'team', limit: { per: 'month', points: 50 } }],
  ['pulse', 'pulse.answered', 2, { limit: { per: 'week', times: 1 } }],
  ['pulse-words', 'pulse.answered', 1, { if: 'event.score >= 9' }],
];

/** Thirty rules: conditions, caps of every kind, a budget, three kinds of other recipients, some out of their time. */
export const rules = lines.map(([id, when, award, rest]) => ({ id, name: id, when, award, ...rest }));

export const streaks = [
  { id: 'sharing-weeks', name: 'sharing-weeks', metric: 'shares', every: 'week' },
  { id: 'sharing-days', name: 'sharing-days', metric: 'shares', every: 'day' },
  { id: 'visited-weeks', name: 'visited-weeks', metric: 'credible_visits', every: 'week', at_least: 5 },
];
