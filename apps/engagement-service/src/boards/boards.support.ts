import { appendFileSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of the programme with these files instead of its own, and two points for every desk that is tidied, for `PROGRAMME_DIR`. */
export function programmeOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-programme-'));
  cpSync('programme', folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  appendFileSync(join(folder, 'rules.yaml'), '- { id: tidy, name: Tidy, when: desk.tidied, award: 2 }\n');
  appendFileSync(join(folder, 'metrics.yaml'), 'tidied: { name: Tidied, count: desk.tidied }\n');
  return folder;
}

// What happens in tests is long ago: nothing closes meanwhile.
const zone = 'zone: Europe/Rome, grace: 9999d';

/** One board of every kind, beside the two that workflows of the programme need. */
export const boardsFile = `
- { id: weekly-company, name: W, metric: points, period: week, ${zone} }
- { id: daily-company, name: D, metric: points, period: day, ${zone} }
- { id: ever, name: E, metric: points, period: all_time, ${zone} }
- { id: tidied, name: S, metric: tidied, period: month, ${zone} }
- { id: teams, name: T, metric: points, period: week, of: team, ${zone} }
- { id: heads, name: H, metric: points, period: week, of: team, per: head, ${zone} }
- { id: sales, name: A, metric: points, period: week, for: person.department == "Sales", ${zone} }
`;
