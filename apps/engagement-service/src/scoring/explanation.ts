import type { Activity, Cause, Limit, Usage, Verdict } from '#libs/scoring';
import type { Entry, HoldStory, Refused } from './explanation.query.js';

/** What one rule made of an activity for one person, in words and in figures. */
export interface Explained {
  rule: string;
  name: string;
  ruleVersion: number;
  outcome: 'awarded' | 'refused' | 'condition' | 'validity' | 'gone' | 'nobody' | 'nothing';
  personId: string | null;
  /** What it comes to now: given, adjusted, less what is held or taken back. */
  points: number;
  words: string[];
  entries: Entry[];
  refusal: (Pick<Refused, 'points' | 'reason'> & { cause: Cause | null }) | null;
  holds: HoldStory[];
  /** What the condition looked at. */
  saw: Record<string, unknown>;
  caps: CapStanding[];
}

/** A cap and how full it is by now. */
export interface CapStanding {
  limit: Limit;
  periodKey: string;
  used: { points: number; times: number };
}

/** What was found in the ledger about an activity. */
export interface Findings {
  entries: readonly Entry[];
  answers: readonly Entry[];
  holds: readonly HoldStory[];
  refusals: readonly Refused[];
}

/** What the rules ask beside the ledger: how full caps are, and why nobody is meant (null where somebody is). */
export interface Asked {
  capsOf: (verdict: Verdict, personId: string) => CapStanding[];
  whyNobody: (verdict: Verdict) => string | null;
  /** Why the activity counts no more; null while it does. */
  doubt: string | null;
}

/** One line for each person a rule speaks of; a rule that spoke of nobody has one, too. */
export function explain(
  verdicts: readonly Verdict[],
  found: Findings,
  { capsOf, whyNobody, doubt }: Asked,
): Explained[] {
  return verdicts.flatMap((verdict) => {
    const own = <T extends { rule: string }>(list: readonly T[]): T[] =>
      list.filter(({ rule }) => rule === verdict.rule.id);
    const people = [
      ...new Set([...own(found.entries), ...own(found.refusals)].map(({ personId }) => personId)),
    ];
    if (people.length === 0) return [blank(verdict, whyNobody(verdict), doubt)];
    return people.map((personId) => ({
      ...forPerson(verdict, personId, found),
      caps: capsOf(verdict, personId),
    }));
  });
}

const blank = (
  { rule, verdict, saw, words }: Verdict,
  nobody: string | null,
  doubt: string | null = null,
): Explained => ({
  rule: rule.id,
  name: rule.name,
  ruleVersion: rule.version,
  outcome: verdict === 'judged' ? (nobody === null ? 'nothing' : 'nobody') : verdict,
  personId: null,
  points: 0,
  words: [words, ...(verdict === 'judged' ? [nobody ?? doubt ?? NOT_COUNTED] : [])],
  entries: [],
  refusal: null,
  holds: [],
  saw,
  caps: [],
});

const NOT_COUNTED = 'It was not in force when this was told of; counting the rule backwards would give them.';

function forPerson(verdict: Verdict, personId: string, found: Findings): Omit<Explained, 'caps'> {
  const mine = <T extends { rule: string; personId: string }>(list: readonly T[]): T[] =>
    list.filter((item) => item.rule === verdict.rule.id && item.personId === personId);
  const entries = mine(found.entries);
  const ids = new Set(entries.map(({ id }) => id));
  const holds = found.holds.filter(({ entryId }) => ids.has(entryId));
  const sources = new Set([...ids, ...holds.map(({ id }) => id)]);
  const answers = found.answers.filter(({ sourceEventId }) => sources.has(sourceEventId));
  const refused = mine(found.refusals)[0];
  const all = [...entries, ...answers];
  return {
    ...blank(verdict, null),
    ruleVersion: entries[0]?.ruleVersion ?? refused?.ruleVersion ?? verdict.rule.version,
    outcome: entries.length > 0 ? 'awarded' : 'refused',
    personId,
    points: all.reduce((sum, { points }) => sum + points, 0),
    words: [...all.map(wordsOf), ...holds.flatMap(appealWords), ...(refused ? refusalWords(refused) : [])],
    entries: all,
    holds,
    refusal: refused ? { points: refused.points, reason: refused.reason, cause: refused.cause } : null,
  };
}

const SAID: Record<string, string> = {
  hold: 'Set aside',
  release: 'Given back',
  reverse: 'Taken back',
  adjust: 'Adjusted',
};

/** An entry in one sentence. */
export function wordsOf({ kind, points, reason, postedAt }: Entry): string {
  const said = SAID[kind];
  if (said === undefined) return reason;
  const signed = `${points > 0 ? '+' : ''}${points} points`;
  return `${said} on ${postedAt.toISOString().slice(0, 10)} (${signed}): ${reason}`;
}

const appealWords = ({ appeal, appealedAt, settledAt }: HoldStory): string[] =>
  appeal === null || appealedAt === null
    ? []
    : [
        `Appealed on ${appealedAt.toISOString().slice(0, 10)}: ${appeal}`,
        ...(settledAt === null ? ['The appeal waits for somebody to look at it.'] : []),
      ];

function refusalWords({ points, reason, cause }: Refused): string[] {
  const lost = `${points} points were not given. ${reason}`;
  return cause === null ? [lost] : [lost, fullness(cause)];
}

function fullness({ limit, periodKey, used }: Cause): string {
  const most = limit.points === undefined ? `${(limit as Limit).times} times` : `${limit.points} points`;
  const had = limit.points === undefined && 'times' in used ? `${used.times} times` : `${used.points} points`;
  return `At that moment ${had} of ${most} were used in ${periodKey === 'all' ? 'all' : periodKey}.`;
}

/** What the activity itself says of how far it is believed, in a sentence; null where that is no question. */
export function credibilityOf(
  { data }: Activity,
  doubt: string | null = null,
): { credible: boolean; reasons: string[]; words: string } | null {
  if (typeof data['credible'] !== 'boolean') return null;
  if (doubt !== null) return { credible: false, reasons: [], words: doubt };
  const { credible } = data;
  const reasons = Array.isArray(data['reasons']) ? data['reasons'].map(String) : [];
  const words = credible
    ? 'The visit is believed to be a person’s.'
    : `The visit is not believed to be a person’s: ${reasons.join(', ') || 'no reason was told'}.`;
  return { credible, reasons, words };
}

/** How full the caps of a rule are for a person by now. */
export const standingOf = (limit: Limit, usage: Usage): CapStanding => ({
  limit,
  periodKey: usage.periodKey,
  used: { points: usage.points, times: usage.times },
});
