import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Story } from './story.js';

/** A copy of the programme in which these blueprints are switched on, and changed where a story would take too long. */
export async function programmeWith(
  blueprints: readonly string[],
  change: (text: string) => string = (text) => text,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-programme-'));
  await cp('programme', folder, { recursive: true });
  for (const id of blueprints) {
    const file = join(folder, 'workflows', `${id}.yaml`);
    const text = await readFile(file, 'utf8');
    if (!text.includes('enabled: false')) throw new Error(`${id} is no blueprint that is switched off`);
    await writeFile(file, change(text.replace('enabled: false', 'enabled: true')));
  }
  return folder;
}

/** Colleagues from lines of `email,name,locale,zone,team,department,location,seniority,lead`; their ids by the part before the @. */
export async function addColleagues(story: Story, lines: readonly string[]): Promise<Record<string, string>> {
  const header = 'email,name,locale,zone,team,department,location,seniority,lead';
  await story.engagement.send('/engagement/people/import', 'text/csv', [header, ...lines].join('\n'));
  const people = await story.engagement.get<{ id: string; email: string }[]>('/engagement/people?limit=1000');
  return Object.fromEntries(people.map(({ id, email }) => [email.split('@')[0]!, id]));
}

/** Templates of the mails to somebody, oldest first. */
export const templatesTo = (story: Story, name: string): string[] =>
  story.mailsTo(`${name}@x.example`).map(({ template }) => template ?? '');

/** Opens the link of an answer in the newest mail of a template, and confirms it; the label is what stands above the link. */
export async function answerFrom(story: Story, name: string, template: string, label: string): Promise<void> {
  const text = await story.textOf(`${name}@x.example`, template);
  const path = new RegExp(`^${label}:\\s+https?://[^/]+(/notification/answers/\\S+)`, 'm').exec(text)?.[1];
  if (!path) throw new Error(`no ${template} with the answer "${label}" has reached ${name}: ${text}`);
  const { status } = await story.notification.raw('POST', path);
  if (status !== 200) throw new Error(`the answer was answered with ${status}`);
}
