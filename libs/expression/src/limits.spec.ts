import { describe, expect, it } from '@jest/globals';
import { compileExpression } from './index.js';

const listOf = (length: number) => Array.from({ length }, (_, n) => n);

function within(ms: number, run: () => unknown): unknown {
  const start = performance.now();
  const result = run();
  expect(performance.now() - start).toBeLessThan(ms);
  return result;
}

describe('an expression that is too much', () => {
  it.each<[string, string, string]>([
    ['is too long', `"${'x'.repeat(4_001)}" == event.a`, 'characters'],
    [
      'has too many parts',
      Array.from({ length: 300 }, () => 'event.a').join('||'),
      'more than 500 words and signs',
    ],
    ['has brackets too deep', `${'('.repeat(60)}1${')'.repeat(60)}`, 'more than 50 deep'],
    ['has brackets as deep as it is long', '('.repeat(4_000), 'more than 50 deep'],
    ['has lists in lists', '['.repeat(2_000), 'more than 50 deep'],
    ['denies what is denied', `${'!'.repeat(3_900)}true`, 'more than 500 words and signs'],
    ['walks down too far', `event${'.a'.repeat(60)}`, 'more than 50 deep'],
    ['has three loops', 'event.a.all(x, event.a.all(y, event.a.all(z, true)))', 'loops stand three deep'],
    ['names a value again and again', 'cel.bind(a, "x", a + a)', 'bind() is not available'],
    ['has a hostile pattern', 'event.a.matches("(a+)+$")', 'matches() is not available'],
    ['has a huge number', 'event.a > 1e999', 'Invalid number'],
  ])('%s is refused at once', (_what, source, message) => {
    const result = within(500, () => compileExpression(source, 'workflow'));
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
  });

  it.each<[string, string, string]>([
    ['loops over a list that is too long', 'event.long.all(x, x >= 0)', 'a list of 10001 is longer'],
    ['loops in a loop', 'event.list.all(x, event.list.all(y, x + y >= 0))', 'does too much'],
    [
      'loops in a loop, whatever fits',
      'event.list.exists(x, event.list.exists(y, x == "no" || y == "no"))',
      'does too much',
    ],
    [
      'makes a list longer and longer',
      `event.list${'.map(x, [x, x])'.repeat(2)} + event.list + event.list`,
      'a list of',
    ],
    ['makes a text longer and longer', `["${'x'.repeat(100)}"]${'.map(x, x + x)'.repeat(12)}`, 'a text of'],
    ['looks through a list in a loop', 'event.list.all(x, !("no" in event.list))', 'does too much'],
  ])('one that %s ends with a reason', (_what, source, error) => {
    const result = compileExpression(source, 'workflow');
    if (!result.ok) throw new Error(result.error.message);
    const event = { list: listOf(5_000), long: listOf(10_001) };
    expect(within(10_000, () => result.expression.evaluate({ event }))).toEqual({
      ok: false,
      error: expect.stringContaining(error),
    });
  });

  it('does not stand in the way of a board of five hundred places', () => {
    const ranking = listOf(500).map((n) => ({ personId: `p${n}`, rank: n }));
    const result = compileExpression(
      'event.ranking.filter(r, event.ranking.exists(o, o.rank < r.rank))',
      'workflow',
    );
    expect(result.ok && result.expression.evaluate({ event: { ranking } })).toMatchObject({
      ok: true,
      value: { length: 499 },
    });
  });

  it('is counted the same however often it is evaluated', () => {
    const result = compileExpression(
      'size(event.list) == size(event.list) && [1] + [2] == event.list',
      'workflow',
    );
    const answers = [1, 2, 3, 4].map(
      () => result.ok && result.expression.evaluate({ event: { list: [1, 2] } }),
    );
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: true })));
  });

  it('leaves the next evaluation its full measure', () => {
    const heavy = compileExpression('event.list.all(x, event.list.all(y, true))', 'workflow');
    const light = compileExpression('event.list.all(x, x >= 0)', 'workflow');
    const event = { list: listOf(5_000) };
    expect(heavy.ok && heavy.expression.evaluate({ event })).toMatchObject({ ok: false });
    expect(light.ok && light.expression.evaluate({ event })).toEqual({ ok: true, value: true });
  });
});
