import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

const logger = { warn: () => undefined } as never;

describe('metrics', () => {
  it('are told in the text format of Prometheus, awkward labels and all', async () => {
    const metrics = new Metrics(logger);
    const steps = metrics.counter({ name: 'steps_total', help: 'Steps done.', labels: ['workflow', 'step'] });
    steps.add(['a "b"\\', 'one\ntwo']);
    steps.add(['a "b"\\', 'one\ntwo'], 2);
    expect(await metrics.text()).toBe(
      '# HELP steps_total Steps done.\n# TYPE steps_total counter\n' +
        'steps_total{workflow="a \\"b\\"\\\\",step="one\\ntwo"} 3\n',
    );
  });

  it('of durations count how many lie below each bound', async () => {
    const metrics = new Metrics(logger);
    const lag = metrics.histogram({ name: 'lag_seconds', help: 'Lag.', labels: [] }, [1, 10]);
    for (const seconds of [0.5, 1, 2, 99]) lag.observe([], seconds);
    expect((await metrics.text()).split('\n').slice(2)).toEqual([
      'lag_seconds_bucket{le="1"} 2',
      'lag_seconds_bucket{le="10"} 3',
      'lag_seconds_bucket{le="+Inf"} 4',
      'lag_seconds_sum 102.5',
      'lag_seconds_count 4',
      '',
    ]);
  });

  it('look a gauge up once for many who ask, and do without one that fails', async () => {
    const metrics = new Metrics(logger);
    let asked = 0;
    metrics.gauge('due', 'Due.', () => Promise.resolve([{ labels: { kind: 'wait' }, value: ++asked }]));
    metrics.gauge('broken', 'Broken.', () => Promise.reject(new Error('no')));
    const texts = await Promise.all([metrics.text(), metrics.text()]);
    expect([...texts, await metrics.text()]).toEqual(
      Array(3).fill('# HELP due Due.\n# TYPE due gauge\ndue{kind="wait"} 1\n'),
    );
  });
});
