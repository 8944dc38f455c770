import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Metrics } from '#libs/platform';
import { TRANSPORT } from './transport.js';
import type { TransportHolder } from './transport.js';

/** What waits between the services, as gauges: looked up when somebody scrapes, at most every ten seconds. */
@Injectable()
export class MessagingBacklog {
  constructor(database: DataSource, @Inject(TRANSPORT) transport: TransportHolder, metrics: Metrics) {
    metrics.gauge('laurel_outbox_pending', 'Events the broker does not have yet.', async () => [
      {
        labels: {},
        value: await countOf(database, `SELECT count(*) AS value FROM outbox_pending`),
      },
    ]);
    metrics.gauge('laurel_dead_letters', 'Messages that could not be handled, by consumer.', () =>
      database.query(
        `SELECT jsonb_build_object('consumer', consumer) AS labels, count(*) AS value FROM dead_letters
         WHERE resolved_at IS NULL GROUP BY consumer`,
      ),
    );
    metrics.gauge('laurel_consumer_pending', 'Messages a consumer has still to settle.', async () => {
      const pending = (await transport.server?.pending()) ?? [];
      return pending.map(({ consumer, waiting }) => ({ labels: { consumer }, value: waiting }));
    });
  }
}

async function countOf(database: DataSource, sql: string): Promise<number> {
  const [row]: { value: number }[] = await database.query(sql);
  return row!.value;
}
