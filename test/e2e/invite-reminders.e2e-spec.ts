import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptFrom, addPeople, beginStory, type Story } from '../support/story.js';

let story: Story;
let ids: Record<string, string>;

// Thursday noon in Rome; Kuala Lumpur is seven hours ahead.
beforeAll(async () => {
  story = await beginStory('invites', '2026-03-05T11:00:00Z');
  ids = await addPeople(story, [
    'lea@x.example,Lea Lead,en,Europe/London,Sales,London,lead,',
    'rosa@x.example,Rosa Rossi,it,Europe/Rome,Sales,Rome,employee,lea@x.example',
    'kamal@x.example,Kamal Karim,ms,Asia/Kuala_Lumpur,Sales,Kuala Lumpur,employee,lea@x.example',
    'piotr@x.example,Piotr Pawlak,pl,Europe/Warsaw,Sales,Warsaw,employee,lea@x.example',
  ]);
  const personIds = [ids['rosa'], ids['kamal'], ids['piotr']];
  await story.engagement.post('/engagement/invitations', { wave: 'pilot', personIds });
  await story.settle();
});
afterAll(() => story?.end());

const templatesTo = (email: string): string[] => story.mailsTo(email).map(({ template }) => template);

describe('people who were invited', () => {
  it('get the invitation at once, in their language', () => {
    expect(templatesTo('rosa@x.example')).toEqual(['invite']);
    expect(templatesTo('kamal@x.example')).toEqual(['invite']);
    const subjects = ['rosa', 'kamal', 'piotr'].map((name) => story.mailsTo(`${name}@x.example`)[0]!.subject);
    expect(new Set(subjects).size).toBe(3);
  });

  it('are reminded two days later at nine where they live, on a working day', async () => {
    // Two days after Thursday is Saturday, so Monday it is; 09:00 in Kuala Lumpur is 01:00 UTC.
    await story.until('2026-03-09T00:59:00Z');
    expect(templatesTo('kamal@x.example')).toEqual(['invite']);
    await story.until('2026-03-09T01:00:00Z');
    expect(templatesTo('kamal@x.example')).toEqual(['invite', 'invite-reminder']);
    expect(templatesTo('rosa@x.example')).toEqual(['invite']);
    await story.until('2026-03-09T08:00:00Z');
    expect(templatesTo('rosa@x.example')).toEqual(['invite', 'invite-reminder']);
  });

  it('are not reminded any more once they have accepted', async () => {
    await acceptFrom(story, 'kamal@x.example', 'invite-reminder');
    await story.until('2026-03-12T23:00:00Z');
    expect(templatesTo('kamal@x.example')).toEqual(['invite', 'invite-reminder']);
    expect(templatesTo('rosa@x.example')).toEqual(['invite', 'invite-reminder', 'invite-reminder-last']);
  });

  it('are brought to their lead after two weeks, who reads the name', async () => {
    await story.until('2026-03-19T23:00:00Z');
    expect(templatesTo('lea@x.example')).toEqual(['invite-escalation', 'invite-escalation']);
    expect(await story.textOf('lea@x.example', 'invite-escalation')).toMatch(/Rosa Rossi|Piotr Pawlak/);
  });

  it('have runs that tell what happened and why', async () => {
    const runs = await story.engagement.get<{ id: string; status: string }[]>(
      `/engagement/runs?workflow=invite-reminders&personId=${ids['kamal']}`,
    );
    expect(runs).toMatchObject([
      { status: 'stopped', reason: expect.stringContaining('invitation.accepted') },
    ]);
    const run = await story.engagement.get<{ timeline: object[]; intents: object[] }>(
      `/engagement/runs/${runs[0]!.id}`,
    );
    expect(run.timeline).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ step: 'first_reminder', outcome: 'waiting' }),
        expect.objectContaining({ step: 'first_reminder', outcome: 'sent' }),
        expect.objectContaining({ outcome: 'stopped' }),
      ]),
    );
    expect(run.intents).toMatchObject([{ kind: 'send', what: 'invite-reminder', personId: ids['kamal'] }]);
  });

  it('show up in the funnel of their wave', async () => {
    expect(await story.engagement.get('/engagement/invitations/funnel')).toEqual([
      { wave: 'pilot', invited: 3, accepted: 1 },
    ]);
  });
});
