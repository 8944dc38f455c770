/** How fast one mail domain is written to. */
export interface Pace {
  concurrent: number;
  /** Without it as fast as its servers answer. */
  per_minute?: number | undefined;
  /** So many may begin at once after a pause; a few, unless told. */
  burst?: number | undefined;
}

const MINUTE_MS = 60_000;
const FEW = 5;

/** It was given back before it was begun. */
export class NotBegun extends Error {}

interface Lane {
  active: number;
  waiting: { begin: () => void; refuse: (reason: NotBegun) => void }[];
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
  private closed = false;

  constructor(private readonly paceOf: (domain: string) => Pace) {}

  /** Does the work as soon as the domain has room for it. Rejects with NotBegun when it was given back before. */
  async run<T>(domain: string, work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new NotBegun();
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

  /** Gives back what waits in a lane beyond so many, the last first. */
  shed(keep: number): void {
    for (const lane of this.lanes.values())
      for (const { refuse } of lane.waiting.splice(keep)) refuse(new NotBegun());
  }

  /** Begins nothing more; what has begun goes on. */
  close(): void {
    this.closed = true;
    this.shed(0);
    for (const { timer } of this.lanes.values()) clearTimeout(timer);
  }

  private laneOf(domain: string): Lane {
    const known = this.lanes.get(domain);
    if (known) return known;
    const lane: Lane = {
      active: 0,
      waiting: [],
      budget: burstOf(this.paceOf(domain)),
      since: performance.now(),
    };
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

  private comeBack(domain: string, lane: Lane, pace: Pace): void {
    const { per_minute: rate = Infinity } = pace;
    clearTimeout(lane.timer);
    if (lane.waiting.length > 0 && lane.budget < 1)
      lane.timer = setTimeout(() => this.move(domain, lane), (1 - lane.budget) * (MINUTE_MS / rate)).unref();
    else if (lane.active === 0 && lane.waiting.length === 0 && lane.budget >= burstOf(pace))
      this.lanes.delete(domain);
  }
}

/** A whole minute's worth at once is what a limit of a minute is to prevent. */
const burstOf = ({ per_minute: rate = Infinity, burst = FEW }: Pace): number =>
  rate === Infinity ? Infinity : Math.min(rate, burst);

function refill(lane: Lane, pace: Pace): void {
  const now = performance.now();
  const { per_minute: rate = Infinity } = pace;
  const back = rate === Infinity ? Infinity : ((now - lane.since) * rate) / MINUTE_MS;
  lane.budget = Math.min(burstOf(pace), lane.budget + back);
  lane.since = now;
}
