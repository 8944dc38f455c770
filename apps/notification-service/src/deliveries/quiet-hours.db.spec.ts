import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService } from '../../test/running-service.js';

const HOUR = 3_600_000;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-quiet-'));
  await cp('programme', folder, { recursive: true });
  await appendFile(join(folder, 'programme.yaml'), "quiet_hours: { from: '22:00', to: '07:00' }\n");
  service = await RunningService.start(folder);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

const states = (intents: readonly string[]): Promise<string[]> =>
  Promise.all(intents.map(async (intent) => (await service.delivery(intent)).state));

describe('quiet hours', () => {
  it('let a mail wait for the morning where its recipient lives, and send it then, once', async () => {
    // Eight in London, midnight in Los Angeles.
    const people = ['Europe/London', 'America/Los_Angeles'].map((zone) =>
      service.engagement.person({ zone }),
    );
    const intents = people.map(({ personId }) =>
      service.request(personId, 'badge-earned', { badge: 'first-share' }),
    );
    await service.quiet();
    expect(await states(intents)).toEqual(['sent', 'intended']);
    expect((await service.delivery(intents[1]!)).reason).toBe(
      'quiet hours: sent from 2026-01-05T15:00:00.000Z on',
    );
    await service.move(7 * HOUR - 60_000);
    expect(await states(intents)).toEqual(['sent', 'intended']);
    await service.move(60_000);
    expect(await states(intents)).toEqual(['sent', 'sent']);
    expect(service.mailbox.received).toHaveLength(2);
  });
});
