import { localDate } from '#libs/calendar';
import type { Activity } from './activity.js';
import { holds } from './condition.js';
import type { RulesAt } from './rule-book.js';
import type { Rule } from './rules.js';

/** A rule that speaks of an activity. */
export interface Match {
  rule: Rule;
  activity: Activity;
}

/** Somebody whom a rule means, with the local date there, or why there is nobody. */
export interface Chance extends Match {
  personId: string;
  day: string;
  /** Why nobody gets these points; the person is then who did it. */
  nobody?: string;
}

/** What is known of people for rules that give to others than the actor. */
export interface Roster {
  /** By person. */
  zones: ReadonlyMap<string, string>;
  /** The active members of the actor's team, by actor; the actor is one of them. */
  teams: ReadonlyMap<string, readonly string[]>;
  /** Whose suggestion a post was, by post. */
  authors: ReadonlyMap<string, string>;
}

export const EMPTY_ROSTER: Roster = { zones: new Map(), teams: new Map(), authors: new Map() };

/** The pairs of activity and rule whose day and condition fit, in the order given. */
export const matchesOf = (activities: readonly Activity[], rules: RulesAt): Match[] =>
  activities.flatMap((activity) =>
    rules(activity)
      .filter((rule) => isValidOn(rule, activity.day) && holds(rule.if, activity))
      .map((rule) => ({ rule, activity })),
  );

/** Whether a local date lies in a rule's validity, the end exclusive. */
export const isValidOn = (rule: Rule, day: string): boolean =>
  (rule.valid_from === undefined || rule.valid_from <= day) &&
  (rule.valid_to === undefined || day < rule.valid_to);

/** The person an activity names in a field, or as the author of its post; null when it names nobody. */
export function namedBy(to: string, { data }: Activity, authors: Roster['authors']): string | null {
  const field = to === 'author' ? 'authorId' : to.slice('event.'.length);
  const named = data[field];
  if (typeof named === 'string') return named.toLowerCase();
  return to === 'author' ? (authors.get(String(data['postId'])) ?? null) : null;
}

/** Who may get points by each match. */
export const chancesOf = (matches: readonly Match[], roster: Roster = EMPTY_ROSTER): Chance[] =>
  matches.flatMap((match) => recipientsOf(match, roster));

function recipientsOf(match: Match, roster: Roster): Chance[] {
  const { rule, activity } = match;
  const { to = 'actor' } = rule;
  const actor = { ...match, personId: activity.personId, day: activity.day };
  if (to === 'actor') return [actor];
  if (to === 'team') {
    const team = roster.teams.get(activity.personId) ?? [];
    return team.length === 0
      ? [{ ...actor, nobody: 'Who did it is in no team.' }]
      : team.map(placed(match, roster));
  }
  const named = namedBy(to, activity, roster.authors);
  const nobody = whyNobody(to, named, activity, roster);
  return nobody === null ? [placed(match, roster)(named!)] : [{ ...actor, nobody }];
}

function whyNobody(
  to: string,
  named: string | null,
  { personId }: Activity,
  { zones }: Roster,
): string | null {
  if (named === null) return to === 'author' ? 'Nobody is known as its author.' : `It names nobody as ${to}.`;
  if (named === personId) return 'Nobody gets these points from oneself.';
  return zones.has(named) ? null : 'The person it names is unknown.';
}

const placed =
  (match: Match, { zones }: Roster) =>
  (personId: string): Chance => {
    const { activity } = match;
    const zone = personId === activity.personId ? undefined : zones.get(personId);
    return {
      ...match,
      personId,
      day: zone === undefined ? activity.day : localDate(activity.occurredAt, zone),
    };
  };
