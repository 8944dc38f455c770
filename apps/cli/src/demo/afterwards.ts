import type { SuiteClient } from '../client/suite-client.js';
import { paint } from '../suite/stages.js';
import type { Suite } from '../suite/suite.types.js';

interface Run {
  id: string;
}

/** Lines to copy into a terminal, with the key and ids of this demo. */
export async function whatToTry({ urls, adminKey }: Suite, { engagement }: SuiteClient): Promise<string> {
  const [run] = await engagement.get<Run[]>('/engagement/runs?workflow=invite-reminders&status=done&limit=1');
  const [best] = (
    await engagement.get<{ places: { personId: string }[] }>('/engagement/boards/weekly-company?limit=1')
  ).places;
  const lines = [
    ['the running week', `${urls.engagement}/engagement/boards/weekly-company?limit=5`],
    ...(best
      ? [
          [
            'why somebody has these points',
            `${urls.engagement}/engagement/people/${best.personId}/points?limit=5`,
          ],
        ]
      : []),
    ['runs of a workflow', `${urls.engagement}/engagement/runs?workflow=weekly-leaderboard&limit=3`],
    ...(run ? [['the timeline of one run', `${urls.engagement}/engagement/runs/${run.id}`]] : []),
    ['how the waves went', `${urls.engagement}/engagement/invitations/funnel`],
    ['mails by template and state', `${urls.notification}/notification/deliveries/summary`],
  ] as [string, string][];
  const commands = lines.map(
    ([what, url]) => `${paint('dim', `# ${what}`)}\ncurl -sw '\\n' -H "$KEY" '${url}'`,
  );
  return [`KEY='authorization: Bearer ${adminKey}'`, ...commands].join('\n');
}
