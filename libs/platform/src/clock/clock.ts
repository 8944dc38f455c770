/** The only source of domain time. An abstract class so that Nest can inject it by type. */
export abstract class Clock {
  abstract readonly mode: 'system' | 'virtual';
  abstract now(): Date;
}

/** Wall-clock time. */
export class SystemClock extends Clock {
  readonly mode = 'system';
  now(): Date {
    return new Date();
  }
}

/** Time that stands still until it is moved; it never goes back. For tests and the demo. */
export class VirtualClock extends Clock {
  readonly mode = 'virtual';
  constructor(private current: Date) {
    super();
  }
  now(): Date {
    return new Date(this.current);
  }
  /** Returns false, and changes nothing, when `to` lies in the past. */
  moveTo(to: Date): boolean {
    if (to < this.current) return false;
    this.current = new Date(to);
    return true;
  }
}
