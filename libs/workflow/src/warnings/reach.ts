import { warn } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition, Step } from '../definition.js';
import { stepKindOf } from '../steps/list.js';
import { constantOf } from './constant.js';

/** Warns of steps no run can come to, and of triggers whose condition never holds. */
export function checkReach({ on, steps, first, order }: Definition, checking: Checking): void {
  on.forEach(({ config }, index) => {
    const condition = (config as { if?: string }).if;
    if (condition !== undefined && constantOf(condition, []) === false)
      warn(
        checking,
        ['on', index],
        `"${condition}" never holds, so nothing starts`,
        'take if: away or mend it',
      );
  });
  const reached = reachedFrom(first, steps);
  const lost = order.filter((id) => !reached.has(id));
  // One warning for a stretch: what stands behind or below the first is lost with it.
  for (const [index, id] of lost.entries())
    if (index === 0 || order.indexOf(id) !== order.indexOf(lost[index - 1] ?? '') + 1)
      warn(
        checking,
        checking.places.get(id) ?? [],
        `no run can come to ${id}`,
        'take it away, or mend the condition or stop before it',
      );
}

function reachedFrom(first: string | null, steps: Definition['steps']): Set<string> {
  const reached = new Set<string>();
  const open = [first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = id === null ? undefined : steps[id];
    if (!step || reached.has(step.id)) continue;
    reached.add(step.id);
    open.push(...waysFrom(step));
  }
  return reached;
}

function waysFrom(step: Step): (string | null)[] {
  const condition = configOf(step, 'if');
  const holds = typeof condition === 'string' ? constantOf(condition, step.names) : undefined;
  if (holds === false) return [step.otherwise ?? step.next];
  const unmet = condition !== undefined && holds !== true ? [step.otherwise ?? step.next] : [];
  return [...unmet, ...waysThrough(step)];
}

function waysThrough(step: Step): (string | null)[] {
  const stop = configOf(step, 'stop');
  if (stop !== undefined && typeof stop !== 'object') return [];
  const choose = configOf(step, 'choose');
  if (Array.isArray(choose)) return waysOfChoose(step, choose as { if: string }[]);
  // A loop and a block lead on below as well as inside: the loop when all have ended, the block from its last step.
  const loops = configOf(step, 'for_each') !== undefined;
  const onwards = step.inner === null || loops ? [step.next] : [];
  return [step.inner, ...onwards, ...targetsOf(step)];
}

function waysOfChoose(step: Step, choose: readonly { if: string }[]): (string | null)[] {
  const values = choose.map((way) => constantOf(way.if, step.names));
  const sure = values.indexOf(true);
  const ways = (step.ways ?? []).filter(
    (_, index) => values[index] !== false && (sure === -1 || index <= sure),
  );
  return sure === -1 ? [...ways, step.otherwise ?? step.next] : ways;
}

function targetsOf({ verbs }: Step): string[] {
  return verbs.flatMap(({ kind, config }) =>
    stepKindOf(kind)
      .mentions(config)
      .flatMap(({ id, as }) => (as === 'target' ? [id] : [])),
  );
}

function configOf({ verbs }: Step, kind: string): unknown {
  return verbs.find((verb) => verb.kind === kind)?.config;
}
