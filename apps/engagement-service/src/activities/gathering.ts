/** Does something with several at once, in one go; an answer that is an error is thrown to whoever asked. */
export type Together<I, O> = (items: readonly I[]) => Promise<(O | Error)[]>;

interface Waiting<I, O> {
  item: I;
  resolve: (answer: O) => void;
  reject: (error: unknown) => void;
}

/**
 * What is asked while something is being done waits, and is then done together: the cost of a transaction is shared, and nobody waits
 * for the locks of another. What fails together is done again one by one, so that nobody pays for another's mistake, unless it was
 * nobody's: a database that is away is away for all.
 */
export class Gathering<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private running = 0;

  /**
   * `sizeOf` says how much an item is, `most` how much is done in one go; a single item may be more. `lanes` goes are under way at once:
   * while the database is busy with one, another is made ready.
   */
  constructor(
    private readonly together: Together<I, O>,
    private readonly sizeOf: (item: I) => number,
    private readonly most: number,
    private readonly isNobodys: (error: unknown) => boolean = () => false,
    private readonly lanes = 1,
  ) {}

  do(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running >= this.lanes) return;
    this.running++;
    while (this.waiting.length > 0) await this.attempt(this.take());
    this.running--;
  }

  private take(): Waiting<I, O>[] {
    let size = 0;
    const end = this.waiting.findIndex(
      ({ item }, index) => (size += this.sizeOf(item)) > this.most && index > 0,
    );
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async attempt(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.together(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index]!;
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      if (batch.length === 1 || this.isNobodys(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.attempt([one]);
    }
  }
}
