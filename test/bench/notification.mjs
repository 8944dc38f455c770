import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { sendPlainly, writeLetters } from './notification/plain.mjs';
import { openNotification, openSink, request } from './notification/stage.mjs';

const TURNS = 3;
const BURST = 4_000;
const TEMPLATE = 'validation-personal';
const DATA = { clicks: 12 };

/** Mails a second from intent to the mail server's yes, beside Nodemailer alone; letters a second; a send to everybody with an urgent mail in its middle. */
export async function bench({ profile, people = '100000' }) {
  const sink = await openSink();
  const stage = await openNotification(sink, Math.max(Number(people), BURST), { profile });
  try {
    await measureBursts(stage, sink);
    await measureEverybody(stage, sink, Number(people));
  } finally {
    await stage.close();
    sink.close();
  }
}

async function measureBursts(stage, sink) {
  const some = stage.people.slice(0, BURST);
  const { letters, perSecond } = await writeLetters(some, TEMPLATE, DATA);
  const weight = letters.reduce((sum, { html, text }) => sum + html.length + text.length, 0) / letters.length;
  say('letters written', `${whole(perSecond)} /s`, `${Math.round(weight / 1024)} KB each`);
  await burst(stage, sink, some.slice(0, 500));
  const runs = { plain: [], laurel: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    runs.plain.push(await sendPlainly(sink.url, some, letters));
    runs.laurel.push(await burst(stage, sink, some));
  }
  const [plain, laurel] = [median(runs.plain), median(runs.laurel)];
  say('Nodemailer alone', `${whole(plain)} mails/s`);
  say('Laurel, from intent to acceptance', `${whole(laurel)} mails/s`);
  say('ratio', `${whole((100 * laurel) / plain)} %`);
}

async function burst(stage, sink, people) {
  const before = await sink.taken();
  const begin = performance.now();
  await request(stage, people, TEMPLATE, DATA);
  await arrived(sink, before + people.length);
  const perSecond = (people.length * 1000) / (performance.now() - begin);
  await settled(stage);
  return perSecond;
}

/** A mail to everybody; in the middle somebody is asked something that cannot wait. */
async function measureEverybody(stage, sink, count) {
  const before = await sink.taken();
  const memory = [await residentMb(stage)];
  const begin = performance.now();
  const asked = request(stage, stage.people.slice(0, count), TEMPLATE, DATA);
  let latency;
  for (const quarter of [1, 2, 3, 4]) {
    await arrived(sink, before + Math.floor((count * quarter) / 4));
    memory.push(await residentMb(stage));
    if (quarter === 2) latency = await urgent(stage, sink);
  }
  await asked;
  const seconds = (performance.now() - begin) / 1000;
  say(`${whole(count)} mails`, `${seconds.toFixed(1)} s`, `${whole(count / seconds)} mails/s`);
  say('memory: before, each quarter', `${memory.map(whole).join(', ')} MB`);
  say('an urgent mail in the middle', `${whole(latency)} ms`);
  await settled(stage);
}

async function urgent(stage, sink) {
  const who = stage.people.at(-1);
  const told = sink.arrival(who.email);
  const begin = Date.now();
  await request(stage, [who], 'training-reminder', { bookingUrl: 'https://voices.example/trainings' });
  return (await told) - begin;
}

async function arrived(sink, count) {
  while ((await sink.taken()) < count) await pause(20);
}

/** Until every result is noted. */
async function settled({ database }) {
  for (;;) {
    const { rows } = await database.query(
      `SELECT count(*)::int AS open FROM deliveries WHERE state IN ('intended', 'sending')`,
    );
    if (rows[0].open === 0) return;
    await pause(50);
  }
}

async function residentMb({ service }) {
  const status = await readFile(`/proc/${service.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const whole = (value) => Math.round(value).toLocaleString('en');
const say = (name, figure, more = '') =>
  process.stdout.write(`  ${name.padEnd(36)} ${figure.padStart(18)}   ${more}\n`);
