import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openService, root } from '../stage.mjs';

/** One run of the first three is three durable steps: a ledger row, a timer, a mail intent. */
const workflows = {
  'bench-runs': `on: { event: bench.run, key: event.objectId }
steps:
  - { id: points, award: { points: 10, reason: Attended a training } }
  - { id: mail, wait: { for: 1s }, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-waiting': `on: { event: bench.waiting, key: event.objectId }
steps:
  - { id: points, award: { points: 10, reason: Attended a training } }
  - { id: mail, wait: { for: 9h }, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-answer': `on: { event: bench.answer, key: event.objectId }
steps:
  - { id: mail, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-fanout': `on: { event: bench.fanout }
steps:
  - id: everyone
    for_each: { audience: "person.active && person.consents.mail" }
    steps:
      - { id: mail, send: { template: invite, data: { invitationId: person.id } } }`,
};

/** The default programme with the workflows of this bench instead of its own. */
async function writeProgramme(folder) {
  await cp(join(root, 'programme'), folder, { recursive: true });
  await rm(join(folder, 'workflows'), { recursive: true });
  await mkdir(join(folder, 'workflows'));
  const rules = await readFile(join(folder, 'rules.yaml'), 'utf8');
  const types = Object.values(workflows).map((text) => /event: ([\w.]+)/.exec(text)[1]);
  const known = types.map(
    (type) => `- { id: ${type.replace('.', '-')}, name: ${type}, when: ${type}, award: 1 }\n`,
  );
  await writeFile(join(folder, 'rules.yaml'), `${rules.trimEnd()}\n${known.join('')}`);
  for (const [id, text] of Object.entries(workflows))
    await writeFile(join(folder, 'workflows', `${id}.yaml`), `id: ${id}\nname: ${id}\n${text}\n`);
}

/** The engagement service. `write` puts the programme into a folder: that of this bench unless told. */
export async function openStage({ profile, statements, write = writeProgramme, env = {} }) {
  const prepare = async (folder) => {
    const programme = join(folder, 'programme');
    await write(programme);
    return { PROGRAMME_DIR: programme };
  };
  // When a transaction committed is what latency is measured by; everything else is as the launcher starts it.
  const settings = {
    track_commit_timestamp: 'on',
    ...(statements ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
  };
  const stage = await openService('engagement', { profile, settings, env, prepare });
  if (statements) await stage.database.query('CREATE EXTENSION pg_stat_statements');
  return stage;
}
