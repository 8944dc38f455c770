import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Sender } from './sender.js';

it('a second start on the same port of a host of the same name goes by another name', async () => {
  const owners: string[] = [];
  for (let start = 0; start < 2; start++) {
    const flights = {
      from: ({ owner }: { owner: string }) => void owners.push(owner),
      close: () => Promise.resolve(),
    };
    const parts = [{}, {}, flights, {}, { add: () => ({}) }, {}, { PORT: 4030 }, {}];
    const sender = new Sender(...(parts as unknown as ConstructorParameters<typeof Sender>));
    sender.onModuleInit();
    await sender.onModuleDestroy();
  }
  expect(new Set(owners).size).toBe(2);
});
