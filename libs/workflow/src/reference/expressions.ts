/** A line of the reference of expressions; the example compiles in a workflow. */
export interface Entry {
  name: string;
  text: string;
  example: string;
}

/** What expressions may name. */
export const VARIABLES: readonly Entry[] = [
  {
    name: 'event',
    text: 'what started the run: its data, and type. In the if: and key: of triggers, stop_when, wait_for and collect, the event just arrived.',
    example: 'event.type == "content.shared"',
  },
  {
    name: 'person',
    text: 'the person of the run: id, active, participant, paused (wants no mails for a while), consents.ranking, consents.mail, and (null when not known) team, department, location, seniority, lead, locale, zone, joinedOn, invitedOn, attributes. Never a name or an address.',
    example: 'person.active && person.team == "Sales"',
  },
  {
    name: 'run',
    text: 'the run itself: id, key, startedAt, personId, version, and event, which is what started it.',
    example: 'run.personId != null',
  },
  { name: 'inputs', text: 'the values HR has set, by name.', example: 'inputs.limit > 3' },
  {
    name: 'vars',
    text: 'what steps have given, by the id of the step, and what set: has kept; null until then.',
    example: 'vars.approval != null && vars.approval.answer == "approve"',
  },
];

/** What expressions may call, apart from arithmetic and comparison. */
export const FUNCTIONS: readonly Entry[] = [
  {
    name: 'metric(name, window)',
    text: 'a number of the person in a window such as this_week, last_month or last_30_days.',
    example: 'person.metric("shares", "last_month") > 0',
  },
  {
    name: 'impact(person, window)',
    text: 'what the shares of somebody brought: shares, clicks, reach, emv, and the window before as previous.',
    example: 'impact(person.id, "last_month").clicks > 100',
  },
  {
    name: 'event.rankOf(person)',
    text: 'the rank on the board just closed, or null.',
    example: 'event.rankOf(person.id) <= 3',
  },
  { name: 'has(path)', text: 'whether a field is there.', example: 'has(event.network)' },
  {
    name: 'size(list or text)',
    text: 'how many there are.',
    example: 'size(event.ranking) >= 10',
  },
  {
    name: 'list.filter(x, condition)',
    text: 'the items for which the condition holds.',
    example: 'event.ranking.filter(r, r.rank <= 3)',
  },
  { name: 'list.map(x, value)', text: 'a value for each item.', example: 'event.ranking.map(r, r.personId)' },
  {
    name: 'list.exists(x, condition)',
    text: 'whether the condition holds for one at least.',
    example: 'event.ranking.exists(r, r.personId == person.id)',
  },
  {
    name: 'list.all(x, condition)',
    text: 'whether the condition holds for every item.',
    example: 'event.ranking.all(r, r.score > 0)',
  },
  {
    name: 'list.exists_one(x, condition)',
    text: 'whether the condition holds for exactly one.',
    example: 'event.ranking.exists_one(r, r.rank == 1)',
  },
  {
    name: 'value in list',
    text: 'whether the value is among them.',
    example: 'person.location in ["Rome", "London"]',
  },
  {
    name: 'text.contains(text), text.startsWith(text), text.endsWith(text)',
    text: 'whether a text holds another.',
    example: 'event.type.startsWith("content.")',
  },
  {
    name: 'text.lowerAscii(), text.upperAscii()',
    text: 'the text in small or capital letters.',
    example: 'event.type.lowerAscii() == "a"',
  },
  { name: 'list.join(text)', text: 'one text of several.', example: '["a", "b"].join(", ") == "a, b"' },
  { name: 'condition ? one : other', text: 'one of two values.', example: '(person.active ? 10 : 0) > 5' },
];
