/** How fast one mail domain is written to. */
export interface Pace {
  concurrent: number;
  /** Without it as fast as its servers answer. */
  per_minute?: number | undefined;
}

const MINUTE_MS = 60_000;

/** What was still waiting when the lanes were closed; it was not begun. */
export class LanesClosed extends Error {}

interface Lane {
  active: number;
  waiting: { begin: () => void; refuse: (reason: LanesClosed) => void }[];
  /** What may begin at once: one is taken by each, and time gives them back. */
  budget: number;
  since: number;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * A lane for each mail domain, so that a slow one keeps nobody else waiting. In real time: how fast a foreign server
 * may be written to is no rule of the programme.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly paceOf: (domain: string) => Pace) {}

  /** Does the work as soon as the domain has room for it. Rejects with LanesClosed when it was never begun. */
  async run<T>(domain: string, work: () => Promise<T>): Promise<T> {
    const lane = this.laneOf(domain);
    await new Promise<void>((begin, refuse) => {
      lane.waiting.push({ begin, refuse });
      this.move(domain, lane);
    });
    try {
      return await work();
    } finally {
      lane.active--;
      this.move(domain, lane);
    }
  }

  /** Domains that something waits for. */
  busy(): string[] {
    return [...this.lanes].filter(([, { waiting }]) => waiting.length > 0).map(([domain]) => domain);
  }

  /** Refuses what waits; what has begun goes on. */
  close(): void {
    for (const lane of this.lanes.values()) {
      clearTimeout(lane.timer);
      for (const { refuse } of lane.waiting.splice(0)) refuse(new LanesClosed('not begun'));
    }
  }

  private laneOf(domain: string): Lane {
    const known = this.lanes.get(domain);
    if (known) return known;
    const budget = this.paceOf(domain).per_minute ?? Infinity;
    const lane: Lane = { active: 0, waiting: [], budget, since: performance.now() };
    this.lanes.set(domain, lane);
    return lane;
  }

  private move(domain: string, lane: Lane): void {
    const pace = this.paceOf(domain);
    refill(lane, pace);
    while (lane.waiting.length > 0 && lane.active < pace.concurrent && lane.budget >= 1) {
      lane.active++;
      lane.budget--;
      lane.waiting.shift()!.begin();
    }
    this.comeBack(domain, lane, pace);
  }

  private comeBack(domain: string, lane: Lane, { per_minute: rate = Infinity }: Pace): void {
    clearTimeout(lane.timer);
    if (lane.waiting.length > 0 && lane.budget < 1)
      lane.timer = setTimeout(() => this.move(domain, lane), (1 - lane.budget) * (MINUTE_MS / rate)).unref();
    else if (lane.active === 0 && lane.waiting.length === 0 && lane.budget >= rate) this.lanes.delete(domain);
  }
}

function refill(lane: Lane, { per_minute: rate = Infinity }: Pace): void {
  const now = performance.now();
  const back = rate === Infinity ? Infinity : ((now - lane.since) * rate) / MINUTE_MS;
  lane.budget = Math.min(rate, lane.budget + back);
  lane.since = now;
}
