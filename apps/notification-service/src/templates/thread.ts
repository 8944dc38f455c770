import { parentPort, workerData } from 'node:worker_threads';
import { loadTemplates } from './loader.js';
import type { TemplateSet } from './loader.js';
import { look } from './lint/look.js';
import { errorAsData, progressOf } from './thread.messages.js';
import type { Kind, Questions, Written } from './thread.messages.js';
import { Writer } from './writer.js';
import type { Order } from './writer.js';

/** A thread that templates run on: whatever one of them does, the service goes on. */
const progress = progressOf((workerData as { memory: SharedArrayBuffer }).memory);
let writer: Writer | null = null;

const answers: { [K in Kind]: (ask: Questions[K]['ask']) => Promise<Questions[K]['answer']> } = {
  use: async ({ describe, ...loading }) => {
    const set: TemplateSet = await loadTemplates(loading);
    writer = new Writer(set, loading.settings);
    return { catalogue: describe ? writer.catalogue() : null, structures: set.structures };
  },
  write: async (orders) => orders.map((order, index) => write(order, index)),
  look,
};

function write(order: Order, index: number): Written {
  Atomics.store(progress, 0, index);
  try {
    return { letter: writer!.write(order) };
  } catch (error) {
    return { error: errorAsData(error) };
  }
}

function reply(message: object): void {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- windows have origins, threads have none
  parentPort!.postMessage(message);
}

parentPort!.on('message', ({ kind, ask }: { kind: Kind; ask: never }) => {
  answers[kind](ask).then(
    (answer) => reply({ answer }),
    (error: unknown) => reply({ error: errorAsData(error) }),
  );
});
