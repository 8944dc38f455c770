import { parentPort, workerData } from 'node:worker_threads';
import { inFrame } from '../channels/mail.js';
import { bytesOf } from '../channels/mail-bytes.js';
import { CompiledCache, keyOf } from './compiled-cache.js';
import { loadTemplates } from './loader.js';
import type { Loading, TemplateSet } from './loader.js';
import { look } from './lint/look.js';
import { errorAsData, progressOf } from './thread.messages.js';
import type { Kind, Questions, Written } from './thread.messages.js';
import { Writer } from './writer.js';
import type { Order } from './writer.js';

/** A thread that templates run on: whatever one of them does, the service goes on. */
const progress = progressOf((workerData as { memory: SharedArrayBuffer }).memory);
let writer: Writer | null = null;

const answers: { [K in Kind]: (ask: Questions[K]['ask']) => Promise<Questions[K]['answer']> } = {
  use: ({ describe, ...loading }) => (describe ? take(loading) : takeKnown(loading)),
  write: async (orders) => {
    const written: Written[] = [];
    for (const [index, order] of orders.entries()) written.push(await write(order, index));
    return written;
  },
  look,
};

async function takeKnown(loading: Loading): Promise<Questions['use']['answer']> {
  const set: TemplateSet = await loadTemplates(loading);
  writer = new Writer(set, loading.settings);
  return { catalogue: null, structures: set.structures };
}

/** What was compiled and written before, word for word, need not be tried again. */
async function take(loading: Loading): Promise<Questions['use']['answer']> {
  const cache = loading.cacheDir === undefined ? null : new CompiledCache(loading.cacheDir);
  const key = cache ? keyOf(loading.directory, loading.settings) : '';
  const known = cache?.read(key);
  const { structures } = await takeKnown({ ...loading, ...(known && { structures: known.structures }) });
  const catalogue = known?.catalogue ?? writer!.catalogue();
  if (!known) cache?.keep(key, { structures, catalogue });
  return { catalogue, structures };
}

async function write(order: Order, index: number): Promise<Written> {
  Atomics.store(progress, 0, index);
  try {
    const letter = writer!.write(order);
    if (!order.frame) return { letter };
    const raw = await bytesOf(inFrame(order.frame, letter));
    return { letter: { ...letter, html: '', text: '', raw } };
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
