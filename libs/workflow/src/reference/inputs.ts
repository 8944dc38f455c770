import type { InputSpec } from '../definition.js';

/** What each type of input takes, with an example that is one. */
export const INPUTS: Readonly<Record<InputSpec['type'], { text: string; example: string }>> = {
  duration: {
    text: 'a length: 30m, 3h, 2d, 1w, 1mo',
    example: '{ label: First reminder after, type: duration, default: 2d }',
  },
  time: { text: 'a local time', example: '{ label: Local time, type: time, default: "09:00" }' },
  date: { text: 'a local date', example: '{ label: Last day, type: date, default: "2026-03-31" }' },
  zone: { text: 'recipient or an IANA zone', example: '{ label: Zone, type: zone, default: Europe/Rome }' },
  number: {
    text: 'a number, with min and max if you like',
    example: '{ label: Shares needed, type: number, default: 10, min: 1, max: 100 }',
  },
  text: {
    text: 'a text of at most 1,000 characters',
    example: '{ label: Greeting, type: text, default: Hello }',
  },
  boolean: { text: 'true or false', example: '{ label: Tell the lead, type: boolean, default: true }' },
  choice: {
    text: 'one of its options',
    example: '{ label: Tone, type: choice, options: [warm, brief], default: warm }',
  },
  audience: {
    text: 'a condition on people',
    example: `{ label: Who, type: audience, default: 'person.active && person.team == "Sales"' }`,
  },
  template: { text: 'a mail template', example: '{ label: Mail, type: template, default: invite-reminder }' },
  badge: { text: 'a badge', example: '{ label: Badge, type: badge, default: weekly-winner }' },
  metric: { text: 'a metric', example: '{ label: Counts, type: metric, default: shares }' },
};
