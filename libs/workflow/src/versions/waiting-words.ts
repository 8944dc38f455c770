/** How many runs wait at a step, and what moving them would do. */
export interface WaitingStep {
  /** The step's id; `queued` for runs that wait for another of their key to end. */
  step: string;
  runs: number;
  /** How many the new version has a place for. */
  movable: number;
  /** People who would be written to at once if all were moved, and the mails they would get. */
  people: number;
  mails: number;
}

/** What keep, move and stop would do to the runs that wait at a step, one sentence each. */
export function waitingWords(waiting: WaitingStep): Record<'keep' | 'move' | 'stop', string> {
  const all = runs(waiting.runs);
  return {
    keep: `${all} ${waiting.runs === 1 ? 'goes' : 'go'} on by the version ${waiting.runs === 1 ? 'it' : 'they'} began with`,
    move: moveWords(waiting),
    stop: `${all} ${waiting.runs === 1 ? 'ends' : 'end'}; nobody hears of it`,
  };
}

function moveWords({ step, runs: count, movable, people, mails }: WaitingStep): string {
  if (movable === 0)
    return `the new version has no place for ${runs(count)} at ${step}, so ${count === 1 ? 'it stays with its own' : 'they stay with theirs'}`;
  const rest =
    count > movable
      ? `; ${runs(count - movable)} ${count - movable === 1 ? 'stays with its' : 'stay with their'} version`
      : '';
  const mailed =
    mails === 0
      ? 'nobody is written to at once'
      : `${people === 1 ? '1 person is' : `${people} people are`} written to at once (${mails === 1 ? '1 mail' : `${mails} mails`})`;
  return `${runs(movable)} ${movable === 1 ? 'waits' : 'wait'} there by the new version; ${mailed}${rest}`;
}

const runs = (count: number): string => (count === 1 ? '1 run' : `${count} runs`);
