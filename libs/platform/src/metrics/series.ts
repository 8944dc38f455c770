/** What tells the values of one metric apart. */
export type Labels = Readonly<Record<string, string>>;

/** The name of a metric, what it tells, and the names of its labels. */
export interface Naming {
  name: string;
  help: string;
  labels: readonly string[];
}

const escape = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('"', String.raw`\"`);

function labelled(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return parts.length > 0 ? `{${parts.join(',')}}` : '';
}

/** The two lines before the values of a metric. */
export const head = (name: string, help: string, type: 'counter' | 'gauge' | 'histogram'): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

/** One value. */
export const line = (name: string, labels: Labels, value: number): string =>
  `${name}${labelled(labels)} ${value}\n`;

// Values of labels are put together only when they are told: counting must cost next to nothing.
const SEPARATOR = '\u0000';
const labelsOf = ({ labels }: Naming, key: string): Labels => {
  const values = key.split(SEPARATOR);
  return Object.fromEntries(labels.map((name, index) => [name, values[index] ?? '']));
};

/** A number that only grows. */
export class Counter {
  private readonly values = new Map<string, number>();

  constructor(private readonly naming: Naming) {}

  /** `labels`: their values, in the order of their names. */
  add(labels: readonly string[], by = 1): void {
    const key = labels.join(SEPARATOR);
    this.values.set(key, (this.values.get(key) ?? 0) + by);
  }

  text(): string {
    const { name, help } = this.naming;
    const values = [...this.values].map(([key, value]) => line(name, labelsOf(this.naming, key), value));
    return head(name, help, 'counter') + values.join('');
  }
}

interface Heap {
  /** How many fell into each bucket, the last beyond all bounds. */
  counts: number[];
  sum: number;
}

/** How values are spread: counted by upper bounds. */
export class Histogram {
  private readonly heaps = new Map<string, Heap>();

  constructor(
    private readonly naming: Naming,
    private readonly buckets: readonly number[],
  ) {}

  /** `labels`: their values, in the order of their names. */
  observe(labels: readonly string[], value: number): void {
    const key = labels.join(SEPARATOR);
    let heap = this.heaps.get(key);
    if (!heap) this.heaps.set(key, (heap = { counts: Array(this.buckets.length + 1).fill(0), sum: 0 }));
    const bucket = this.buckets.findIndex((bound) => value <= bound);
    heap.counts[bucket < 0 ? this.buckets.length : bucket]! += 1;
    heap.sum += value;
  }

  text(): string {
    const { name, help } = this.naming;
    const heaps = [...this.heaps].map(([key, heap]) => this.heapText(labelsOf(this.naming, key), heap));
    return head(name, help, 'histogram') + heaps.join('');
  }

  private heapText(labels: Labels, { counts, sum }: Heap): string {
    const { name } = this.naming;
    let below = 0;
    const lines = [...this.buckets.map(String), '+Inf'].map((le, index) => {
      below += counts[index]!;
      return line(`${name}_bucket`, { ...labels, le }, below);
    });
    return `${lines.join('')}${line(`${name}_sum`, labels, sum)}${line(`${name}_count`, labels, below)}`;
  }
}
