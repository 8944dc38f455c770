import type { Activity } from './activity.js';
import { holds, seenBy } from './condition.js';
import { isValidOn } from './recipients.js';
import { versionFor } from './rule-book.js';
import type { RuleVersion } from './rule-book.js';

/** What a rule makes of an activity before caps and budgets: whether it speaks of it at all. */
export interface Verdict {
  rule: RuleVersion;
  /** `judged`: it gives points, as far as caps and budgets leave room. */
  verdict: 'judged' | 'condition' | 'validity' | 'gone';
  /** What the condition looked at, by path. */
  saw: Record<string, unknown>;
  /** One sentence. */
  words: string;
}

/** What every rule that listens to an activity's type makes of it, by the version in force when it happened. */
export function verdictsOf(activity: Activity, versions: readonly RuleVersion[]): Verdict[] {
  const ids = new Set(versions.filter(({ when }) => when === activity.type).map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const own = versions.filter((version) => version.id === id).toSorted((a, b) => b.version - a.version);
    const rule = versionFor(own, activity);
    if (!rule) return [gone(own[0]!)];
    return rule.when === activity.type ? [verdictOf(rule, activity)] : [];
  });
}

function verdictOf(rule: RuleVersion, activity: Activity): Verdict {
  const saw = rule.if === undefined ? {} : seenBy(rule.if, activity);
  const head = `"${rule.name}" (version ${rule.version})`;
  if (!isValidOn(rule, activity.day))
    return {
      rule,
      saw,
      verdict: 'validity',
      words: `${head} holds ${validity(rule)}; this was on ${activity.day}.`,
    };
  if (!holds(rule.if, activity))
    return {
      rule,
      saw,
      verdict: 'condition',
      words: `${head} asks that ${rule.if}, which is not so: ${seenWords(saw)}.`,
    };
  return { rule, saw, verdict: 'judged', words: `${head} gives ${rule.award} points for this.` };
}

const gone = (rule: RuleVersion): Verdict => ({
  rule,
  saw: {},
  verdict: 'gone',
  words: `"${rule.name}" had been taken out of the programme when this happened.`,
});

const validity = ({ valid_from: from, valid_to: to }: RuleVersion): string =>
  [from && `from ${from}`, to && `until ${to} (not included)`].filter(Boolean).join(' ');

const seenWords = (saw: Record<string, unknown>): string =>
  Object.entries(saw)
    .map(([path, value]) => `${path} was ${value === null ? 'not there' : JSON.stringify(value)}`)
    .join(', ') || 'it could not be answered';
