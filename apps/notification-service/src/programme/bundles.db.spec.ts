import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFolder } from '#libs/platform';
import { RunningService } from '../../test/running-service.js';
import { Programme } from './programme.js';

const folder = fileURLToPath(new URL('../../../../programme', import.meta.url));
const files = readFolder(folder, ['.yaml', '.mjml', '.txt', '.json', '.svg']);
const words = 'templates/en/validation-personal.yaml';
const renamed = {
  ...files,
  'programme.yaml': files['programme.yaml']!.replace(/^name: .*/m, 'name: Loud Voices'),
};

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());

async function apply(version: number, given: Record<string, string>): Promise<void> {
  service.engagement.programmes.set(version, given);
  service.tell('programme.applied', { version });
  await service.quiet();
}
const standing = async (): Promise<unknown> =>
  JSON.parse(
    (await service.http('GET', '/notification/programme', { key: service.engagement.adminKey })).body,
  );
const preview = async (): Promise<string> =>
  (
    await service.http('GET', '/notification/templates/validation-personal/preview?part=text', {
      key: service.engagement.adminKey,
    })
  ).body;

describe('the mails of an applied programme', () => {
  it('are those of the folder at first', async () => {
    expect(await standing()).toEqual({ version: 0, refused: null });
  });

  it('have its words and its name at once', async () => {
    await apply(1, {
      ...renamed,
      [words]: files[words]!.replace(/^heading: .*/m, 'heading: Applause for you'),
    });
    expect(await standing()).toEqual({ version: 1, refused: null });
    expect(await preview()).toContain('Applause for you');
    expect(await preview()).toContain('Loud Voices');
  });

  it('stay as they are when a template of the new version is wrong, and the reason can be read', async () => {
    await apply(2, { ...files, [words]: files[words]!.replace(/^heading: .*/m, "heading: '{{nobody}}'") });
    expect(await standing()).toEqual({
      version: 1,
      refused: {
        version: 2,
        reason: expect.stringMatching(/^templates\/en\/validation-personal\.yaml:\d+: "nobody"/),
      },
    });
    expect(await preview()).toContain('Applause for you');
    expect(service.app.get(Programme).settings.name).toBe('Loud Voices');
  });

  it('follow again once it is mended, and leave no folder behind', async () => {
    const before = service.app.get(Programme).directory;
    await apply(3, files);
    expect(await standing()).toEqual({ version: 3, refused: null });
    expect(await preview()).not.toContain('Applause for you');
    expect([existsSync(before), existsSync(service.app.get(Programme).directory)]).toEqual([false, true]);
  });
});
