/** What has been started, so that it can be stopped in the opposite order. */
export class Teardown {
  private readonly steps: (() => Promise<unknown> | void)[] = [];
  private running: Promise<void> | undefined;

  /** Remembers how to stop what has just been started. */
  add(step: () => Promise<unknown> | void): void {
    this.steps.push(step);
  }

  /** Stops everything once, last started first; a step that fails does not keep the others from running. */
  run(): Promise<void> {
    this.running ??= this.runAll();
    return this.running;
  }

  private async runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        `Not everything could be stopped: ${failures.map(String).join('; ')}`,
      );
  }
}
