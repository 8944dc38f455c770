import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../logging.js';
import type { Logger } from '../logging.js';
import { Counter, Histogram, head, line } from './series.js';
import type { Labels, Naming } from './series.js';

/** One value of a gauge at the moment it is asked for. */
export interface Sample {
  labels: Labels;
  value: number;
}

interface Gauge {
  name: string;
  help: string;
  read: () => Promise<readonly Sample[]>;
}

/** Questions to the database behind a gauge are asked at most so often, however many scrape. */
const REMEMBER_MS = 10_000;

/** What a service counts and measures, told in the text format of Prometheus. Counts are of this process, since its start. */
@Injectable()
export class Metrics {
  private readonly kept: (Counter | Histogram)[] = [];
  private readonly gauges: Gauge[] = [];
  private told: { at: number; text: Promise<string> } | null = null;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  counter(naming: Naming): Counter {
    const counter = new Counter(naming);
    this.kept.push(counter);
    return counter;
  }

  /** `buckets`: upper bounds in seconds, rising. */
  histogram(naming: Naming, buckets: readonly number[]): Histogram {
    const histogram = new Histogram(naming, buckets);
    this.kept.push(histogram);
    return histogram;
  }

  /** A value that is looked up when somebody asks, and then remembered for ten seconds. */
  gauge(name: string, help: string, read: Gauge['read']): void {
    this.gauges.push({ name, help, read });
  }

  /** Everything, as version 0.0.4 of the text format. */
  async text(): Promise<string> {
    const gauges = await this.gaugesText();
    return [...this.kept.map((series) => series.text()), gauges].join('');
  }

  private gaugesText(): Promise<string> {
    // Real time on purpose: this spares the database, whatever a virtual clock says.
    const now = performance.now();
    if (this.told === null || now - this.told.at > REMEMBER_MS)
      this.told = { at: now, text: Promise.all(this.gauges.map((gauge) => this.read(gauge))).then(joined) };
    return this.told.text;
  }

  /** One gauge that cannot be read leaves the others standing. */
  private async read({ name, help, read }: Gauge): Promise<string> {
    try {
      const samples = await read();
      return (
        head(name, help, 'gauge') + samples.map(({ labels, value }) => line(name, labels, value)).join('')
      );
    } catch (error) {
      this.logger.warn({ err: error, gauge: name }, 'a gauge could not be read');
      return '';
    }
  }
}

const joined = (parts: readonly string[]): string => parts.join('');
