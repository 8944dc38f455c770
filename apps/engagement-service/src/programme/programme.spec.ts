import { describe, expect, it } from '@jest/globals';
import { checkProgramme } from '#libs/programme';
import { filesIn } from './loading.js';

const files = filesIn('programme');
const checked = checkProgramme(files);

describe('the programme that comes with Laurel', () => {
  it('is read without a mistake', () => {
    expect(checked.ok ? [] : checked.problems).toEqual([]);
    if (!checked.ok) return;
    const { rules, badges, boards, settings } = checked.programme;
    expect(rules.length * badges.length * boards.length).toBeGreaterThan(0);
    expect(settings.locales).toEqual(['en', 'it', 'pl', 'ms']);
  });

  it('says nothing that is hardly meant', () => {
    expect(checked.warnings.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([]);
  });

  it('names each workflow file after its workflow', () => {
    const workflows = checked.ok ? checked.programme.workflows : [];
    expect(workflows.map(({ file }) => file)).toEqual(
      workflows.map(({ definition }) => `workflows/${definition.id}.yaml`),
    );
    expect(workflows.length).toBeGreaterThanOrEqual(6);
  });
});
