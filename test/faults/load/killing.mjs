import { setTimeout as pause } from 'node:timers/promises';

/** Kills the service so many times with SIGKILL, at moments of chance, some of them while it starts; it is started again at once. */
export async function killTimes({ service }, { kills, chance, onKill }) {
  for (let number = 1; number <= kills; number++) {
    await pause(chance.between(200, 3_000));
    await service.kill('SIGKILL');
    onKill(number);
    if (number < kills && chance.below(5) === 0) await killStarting(service, chance, onKill, ++number);
    await service.restart();
  }
}

async function killStarting(service, chance, onKill, number) {
  // That it does not become ready is what is wanted here.
  const started = service.restart().catch(() => undefined);
  await pause(chance.between(300, 2_500));
  await service.kill('SIGKILL');
  onKill(number);
  await started;
}
