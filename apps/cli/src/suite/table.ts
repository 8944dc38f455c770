import Table from 'cli-table3';
import { SERVICES } from './ports.js';
import { paint } from './stages.js';
import type { Suite } from './suite.types.js';

/** A table of what answers where. */
export function urlTable({ urls }: Suite): string {
  const table = new Table({
    head: ['', 'address', 'API'].map((name) => paint('bold', name)),
    style: { head: [], border: [] },
  });
  for (const service of SERVICES)
    table.push([`${service}-service`, urls[service], `${urls[service]}/${service}/docs`]);
  if (urls.mail) table.push(['mails', urls.mail, `${urls.mail}/api/messages`]);
  return table.toString();
}
