import type { Activity } from './activity.js';
import type { Rule } from './rules.js';

/** A version of a rule and when it was in force. */
export interface RuleVersion extends Rule {
  /** Epoch ms. */
  publishedAt: number;
  /** The local day from which it holds although it came later, because somebody has counted it backwards. */
  since: string | null;
  /** When the rule was taken out of the programme while this was its newest version, epoch ms. */
  endedAt: number | null;
}

/** The rules that judge an activity. */
export type RulesAt = (activity: Activity) => readonly Rule[];

/** The same rules whenever something happened. */
export const sameRules =
  (rules: readonly Rule[]): RulesAt =>
  ({ type }) =>
    rules.filter(({ when }) => when === type);

/**
 * Judges each activity by the versions that were in force when it happened, so that yesterday's activity that is told today still has
 * yesterday's points. What happened before the first version of a rule is judged by that one; `valid_from` is there to bound it.
 */
export function ruleBook(versions: readonly RuleVersion[]): RulesAt {
  const rules = groups(versions);
  const byType = new Map<string, RuleVersion[][]>();
  for (const { when } of versions) {
    if (byType.has(when)) continue;
    byType.set(
      when,
      rules.filter((own) => own.some((version) => version.when === when)),
    );
  }
  return (activity) =>
    (byType.get(activity.type) ?? []).flatMap((own) => {
      const version = versionFor(own, activity);
      return version?.when === activity.type ? [version] : [];
    });
}

/** The version of one rule (newest first) that judges an activity; undefined when the rule was not there any more. */
export function versionFor(newestFirst: readonly RuleVersion[], activity: Activity): RuleVersion | undefined {
  const found =
    newestFirst.find(
      ({ publishedAt, since }) =>
        publishedAt <= activity.occurredAt || (since !== null && since <= activity.day),
    ) ?? newestFirst.at(-1);
  return found && (found.endedAt === null || activity.occurredAt < found.endedAt) ? found : undefined;
}

/** The versions of each rule, newest first, in the order the rules were given in. */
function groups(versions: readonly RuleVersion[]): RuleVersion[][] {
  const rules = new Map<string, RuleVersion[]>();
  for (const version of versions) {
    const own = rules.get(version.id);
    if (own) own.push(version);
    else rules.set(version.id, [version]);
  }
  return [...rules.values()].map((own) => own.toSorted((a, b) => b.version - a.version));
}
