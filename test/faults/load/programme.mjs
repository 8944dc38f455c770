import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('../../../programme', import.meta.url));

const mail = (id, data = 'about: event.objectId') =>
  `{ id: ${id}, send: { template: invite, data: { ${data} } } }`;

/** What is in a digest at most. */
export const DIGEST_MAX = 4;
/** So many credible clicks make a milestone. */
export const MILESTONE = 5;

/** Every way to act and to wait; waits are short, except those that an event ends. */
const workflows = (receiver) => ({
  points: `on: { event: load.points, key: event.objectId }
steps:
  - { id: points, award: { points: 3, reason: Took part } }
  - { id: mail, wait: { for: 1s }, send: { template: invite, data: { about: event.objectId } } }
  - { id: echo, emit: { event: load.echo, data: { about: event.objectId } } }
  - { id: next, start: { workflow: welcomed, person: event.personId, key: event.objectId, data: { about: event.objectId } } }`,
  echo: `on: { event: load.echo, key: event.about }
steps:
  - ${mail('mail', 'about: event.about')}`,
  welcomed: `on: { manual: true }
steps:
  - { id: points, award: { points: 2, reason: Welcomed } }
  - ${mail('mail', 'about: event.about')}`,
  fanout: `on: { event: load.announced, key: event.objectId }
steps:
  - id: everyone
    for_each: { audience: 'person.active && person.locale == "it"' }
    steps:
      - { id: points, award: { points: 1, reason: Was there } }
      - { id: mail, wait: { for: 1s }, send: { template: invite, data: { about: event.objectId } } }
  - { id: after, award: { points: 9, to: event.personId, reason: Everybody has heard } }`,
  audience: `on: { event: load.launched, key: event.objectId }
audience: 'person.active && person.locale == "en"'
steps:
  - ${mail('mail')}`,
  digest: `on: { event: load.thanked, key: event.topic }
steps:
  - { id: thanks, collect: { window: 2s, max: ${DIGEST_MAX} } }
  - ${mail('mail', `items: 'vars.thanks.map(t, t.objectId)'`)}`,
  patient: replied('load.patient', '30m'),
  hasty: replied('load.hasty', '2s'),
  anew: `on: { event: load.anew, key: event.topic }
again: restart
steps:
  - { id: go, wait_for: { event: load.go, key: event.about, timeout: 30m, on_timeout: stop } }
  - ${mail('mail')}`,
  queued: `on: { event: load.queued, key: event.topic }
again: queue
steps:
  - { id: mail, wait: { for: 1s }, send: { template: invite, data: { about: event.objectId } } }`,
  throttled: `on: { event: load.throttled, key: event.objectId }
steps:
  - { id: mail, throttle: { limit: 5, per: 1s, key: event.topic }, send: { template: invite, data: { about: event.objectId } } }`,
  asked: `on: { event: load.asked, key: event.objectId }
steps:
  - { id: question, ask: { template: points-review, options: ['yes', 'no'], data: { about: event.objectId }, timeout: 30m } }
  - id: answered
    choose:
      - if: vars.question != null && vars.question.answer == "yes"
        steps:
          - { id: points, award: { points: 5, reason: Said yes } }
    else:
      - ${mail('mail')}`,
  opened: `on: { event: load.opened, key: event.objectId }
stop_when: { event: load.closed, key: event.about }
steps:
  - { id: go, wait_for: { event: load.go, key: event.about, timeout: 30m, on_timeout: stop } }
  - ${mail('mail')}`,
  called: `on: { event: load.called, key: event.objectId }
steps:
  - { id: call, retry: { times: 5, after: 1s }, call: { url: "${receiver}/moody", data: { about: event.objectId } } }
  - { id: points, award: { points: 4, reason: The other side knows } }`,
  refused: `on: { event: load.refused, key: event.objectId }
steps:
  - { id: call, retry: { times: 1, after: 1s }, call: { url: "${receiver}/never", data: { about: event.objectId }, on_error: continue } }
  - ${mail('mail')}`,
  milestone: `on: { metric: credible_clicks, reaches: ${MILESTONE}, per: all_time }
steps:
  - { id: points, award: { points: 7, reason: A milestone } }
  - ${mail('mail', 'about: event.periodKey')}`,
});

function replied(event, timeout) {
  return `on: { event: ${event}, key: event.objectId }
steps:
  - { id: reply, wait_for: { event: load.reply, key: event.about, timeout: ${timeout} } }
  - id: which
    choose:
      - if: vars.reply != null
        steps:
          - ${mail('came')}
    else:
      - ${mail('missed')}`;
}

const rules = `- { id: share, name: Share a post, when: content.shared, award: 2 }
- { id: credible-click, name: A click, when: link.clicked, if: event.credible, award: 1 }
- { id: echo, name: Said by a workflow, when: load.echo, award: 6 }
`;

const types = [
  'points',
  'announced',
  'launched',
  'thanked',
  'patient',
  'hasty',
  'anew',
  'queued',
  'throttled',
];
const moreTypes = ['asked', 'opened', 'called', 'refused', 'echo', 'reply', 'go', 'closed'];

/** Writes the default programme with the workflows and rules of this load instead of its own; `receiver` is where calls go. */
export async function writeProgramme(folder, receiver) {
  await cp(own, folder, { recursive: true });
  await rm(join(folder, 'workflows'), { recursive: true });
  await mkdir(join(folder, 'workflows'));
  const fields = '{ fields: { about: string, topic: string } }';
  const declared = [...types, ...moreTypes].map((type) => `  load.${type}: ${fields}\n`);
  await appendFile(join(folder, 'programme.yaml'), declared.join(''));
  await writeFile(join(folder, 'rules.yaml'), rules);
  for (const [id, text] of Object.entries(workflows(receiver)))
    await writeFile(join(folder, 'workflows', `${id}.yaml`), `id: ${id}\nname: ${id}\n${text}\n`);
}
