import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkProgramme, filesDifference, isNothing } from './index.js';
import type { Files } from './index.js';

const paths = readdirSync('programme', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`);
const files: Files = Object.fromEntries(
  paths.map((path) => [path.slice('programme/'.length), readFileSync(path, 'utf8')]),
);
const without = (...gone: string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !gone.includes(path)));
const told = (given: Files): string[] => {
  const checked = checkProgramme(given);
  return checked.ok ? [] : checked.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
};
const warned = (given: Files): string[] =>
  checkProgramme(given).warnings.map(({ file, line, message }) => `${file}:${line}: ${message}`);

describe('a programme', () => {
  it('is whole as it comes', () => {
    expect(told(files)).toEqual([]);
  });

  it('tells all mistakes of all files at once, each with its line', () => {
    const wrong = told({
      ...files,
      'badges.yaml': '- id: a\n  name: A\n  description: B\n  when:\n    metric: shaers\n    reaches: 3\n',
      'goals.yaml': '- { id: g, name: G, metric: shares, target: 5, after_months: 99 }\n',
      'workflows/x.yaml':
        'id: x\nname: X\non: { event: content.shared }\nsteps:\n  - { id: a, award: { badge: b } }\n',
    });
    expect(wrong).toEqual(
      expect.arrayContaining([
        'badges.yaml:5: there is no metric shaers',
        expect.stringMatching(/^goals\.yaml:1: /),
        'workflows/x.yaml:5: there is no badge b',
      ]),
    );
  });

  it('has no digest within its quiet hours', () => {
    const at = (from: string, to: string): string[] =>
      told({
        ...files,
        'programme.yaml': `${files['programme.yaml']}quiet_hours: { from: '${from}', to: '${to}' }\n`,
      });
    expect(at('22:00', '07:00')).toEqual([]);
    expect(at('22:00', '09:00')).toEqual([]);
    for (const [from, to] of [
      ['22:00', '09:30'],
      ['08:00', '09:01'],
    ] as const)
      expect(at(from, to)).toEqual([
        expect.stringMatching(/^programme\.yaml:72: the digest at 09:00 lies within the quiet hours from /),
      ]);
  });

  it('tells an unknown word at its own line, and a missing file', () => {
    const wrong = told({
      ...without('metrics.yaml'),
      'boards.yaml': '- id: b\n  name: B\n  metrc: points\n',
    });
    expect(wrong).toContain('metrics.yaml:1: this file is missing');
    expect(wrong).toContain('boards.yaml:3: is not known here');
  });

  it('has each id once, in a file and among workflows', () => {
    const twin = files['workflows/invite-reminders.yaml']!;
    const wrong = told({
      ...files,
      'rules.yaml': `${files['rules.yaml']}- { id: share, name: Twice, when: content.shared, award: 1 }\n`,
      'workflows/twin.yaml': twin,
    });
    expect(wrong.some((line) => /^rules\.yaml:\d+: there are two with the id share$/.test(line))).toBe(true);
    expect(wrong).toContain(
      'workflows/twin.yaml:1: workflows/invite-reminders.yaml has the id invite-reminders as well',
    );
  });

  it('needs words of every template in the first language, and warns of the others', () => {
    expect(told(without('templates/en/invite.yaml'))).toEqual([
      'templates/en/invite.yaml:1: invite has no words in en',
    ]);
    expect(warned(without('templates/it/invite.yaml'))).toContain(
      'templates/it/invite.yaml:1: invite has no words in it',
    );
    expect(told({ ...files, 'templates/en/nobody.yaml': 'subject: x\n' })).toEqual([
      'templates/en/nobody.yaml:1: there is no nobody.sample.yaml for these words',
    ]);
  });

  it('warns of a rule for something that nothing tells of', () => {
    const slip = files['rules.yaml']!.replace('when: content.shared', 'when: content.shraed');
    expect(warned({ ...files, 'rules.yaml': slip })).toContain(
      'rules.yaml:4: nothing tells of content.shraed',
    );
  });

  it('keeps the values of HR that fit a workflow, and lets go of the others', () => {
    const checked = checkProgramme(files, { 'invite-reminders': { first: '3d', second: 'soon', gone: 1 } });
    const workflow = checked.ok
      ? checked.programme.workflows.find(({ definition }) => definition.id === 'invite-reminders')
      : null;
    expect(workflow?.values).toEqual({ first: '3d' });
    expect(workflow?.definition.values).toMatchObject({ first: '3d', second: '7d' });
  });

  it.each([
    ['../etc/passwd.yaml', 'this is no path inside a programme'],
    ['/etc/passwd.yaml', 'this is no path inside a programme'],
    ['workflows/../../x.yaml', 'this is no path inside a programme'],
    [String.raw`workflows\x.yaml`, 'this is no path inside a programme'],
    ['__proto__/x.yaml', 'this is no path inside a programme'],
    ['.git/config.txt', 'this is no path inside a programme'],
    ['run.sh', 'such a file has no place in a programme'],
  ])('refuses the path %s', (path, message) => {
    const given = { ...files };
    Object.defineProperty(given, path, { value: 'x', enumerable: true });
    expect(told(given)).toEqual([`${path}:1: ${message}`]);
  });

  it('has at most 500 files and 5 MB, which are told without reading them', () => {
    const many = Object.fromEntries(
      Array.from({ length: 501 }, (_, index) => [`workflows/w${index}.yaml`, '{']),
    );
    expect(told(many)).toEqual(['(programme):1: there are 501 files']);
    const large = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`w${index}.txt`, 'é'.repeat(250_000)]),
    );
    expect(told(large)).toEqual(['(programme):1: the files have 5500000 bytes']);
    expect(told({ 'w.txt': 'é'.repeat(270_000) })).toEqual(['w.txt:1: the file has 540000 bytes']);
  });
});

describe('the difference of two programmes', () => {
  it('is nothing for the same texts', () => {
    expect(isNothing(filesDifference(files, { ...files }))).toBe(true);
  });

  it('names what is new, changed and gone, and shows the lines', () => {
    const after = {
      ...without('goals.yaml'),
      'extra.txt': 'x',
      'rules.yaml': files['rules.yaml']!.replace('award: 2', 'award: 3'),
    };
    expect(filesDifference(files, after)).toEqual({
      added: ['extra.txt'],
      changed: [{ path: 'rules.yaml', added: 1, removed: 1, lines: ['-   award: 2', '+   award: 3'] }],
      removed: ['goals.yaml'],
    });
  });

  it('finds lines that came in between and at the end', () => {
    const of = (before: string, after: string) =>
      filesDifference({ f: before }, { f: after }).changed[0]?.lines;
    expect(of('a\nb\nc', 'a\nx\nb\nc')).toEqual(['+ x']);
    expect(of('a\nb', 'a\nb\nc')).toEqual(['+ c']);
    expect(of('a\nb\nc', 'a\nc')).toEqual(['- b']);
    expect(of('a\nb\nc\nd', 'b\nx\nc\nd\ny')).toEqual(['- a', '+ x', '+ y']);
  });
});
