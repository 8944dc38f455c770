/** A timer of a simulated run. */
export interface Timer {
  dueAt: number;
  runId: string;
}

/** Timers by time: a binary heap, so that a million of them cost a logarithm each. Forgotten ones are left to be passed over. */
export class Timers {
  private readonly heap: Timer[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** The earliest, or null. */
  peek(): Timer | null {
    return this.heap[0] ?? null;
  }

  add(timer: Timer): void {
    this.heap.push(timer);
    for (let at = this.heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** Takes the earliest away. */
  take(): Timer | null {
    const first = this.peek();
    const last = this.heap.pop();
    if (this.heap.length > 0 && last) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.heap.length && this.isBefore(child, least)) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(a: number, b: number): boolean {
    return this.heap[a]!.dueAt < this.heap[b]!.dueAt;
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }
}
