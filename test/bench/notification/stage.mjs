import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream } from '@nats-io/jetstream';
import { Namespace } from '../../../dist/libs/contracts/src/index.js';
import { openService, root } from '../stage.mjs';

/** The mail server of both sides. */
export async function openSink() {
  const child = fork(fileURLToPath(new URL('sink.mjs', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  const first = async (wanted) => {
    for await (const [message] of on(child, 'message')) if (wanted in message) return message;
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    pid: child.pid,
    taken: async () => {
      const told = first('taken');
      child.send({ ask: true });
      return (await told).taken;
    },
    /** When a mail for an address arrives, in epoch milliseconds. */
    arrival: (address) => {
      const told = first('arrived');
      child.send({ wait: address });
      return told.then(({ at }) => at);
    },
    close: () => child.kill(),
  };
}

/** The notification service with so many people it knows already, in forty companies' domains. */
export async function openNotification(sink, people, { profile } = {}) {
  const stage = await openService('notification', {
    profile,
    env: { SMTP_URL: sink.url },
    prepare: async (folder) => ({ PROGRAMME_DIR: await uncapped(join(folder, 'programme')) }),
  });
  const { rows } = await stage.database.query(
    `INSERT INTO recipients (person_id, name, email, locale, zone, active, consents_ranking, consents_mail)
     SELECT gen_random_uuid(), 'Person ' || n, 'person-' || n || '@company-' || n % 40 || '.example', (ARRAY['en','it','pl','ms'])[1 + n % 4],
       'Europe/Rome', true, true, true
     FROM generate_series(1, $1::int) n RETURNING person_id AS "personId", name, email, locale`,
    [people],
  );
  await stage.database.query('ANALYZE recipients');
  return { ...stage, people: rows };
}

/** The programme without its cap: the same people get more mails here than anybody should. */
async function uncapped(folder) {
  await cp(join(root, 'programme'), folder, { recursive: true });
  const file = join(folder, 'programme.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^ {2}cap: .*\n/m, ''));
  return folder;
}

/** Asks for a mail to each, as workflows do; resolves when the broker has all. */
export async function request(stage, people, template, data) {
  const js = jetstream(stage.connection);
  const subject = new Namespace('laurel').event('notification.requested');
  const AT_ONCE = 500;
  for (let from = 0; from < people.length; from += AT_ONCE)
    await Promise.all(
      people.slice(from, from + AT_ONCE).map(({ personId }) => {
        const id = randomUUID();
        const workflow = { id: 'bench', version: 1, runId: id, stepId: 'send' };
        return js.publish(
          subject,
          JSON.stringify({
            specversion: '1.0',
            id,
            source: '/laurel/engagement',
            type: 'notification.requested',
            time: new Date().toISOString(),
            datacontenttype: 'application/json',
            data: { intentKey: id, personId, template, data, workflow },
          }),
          { msgID: id },
        );
      }),
    );
}
