import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** The fields of /proc/<pid>/stat behind the name of the program. */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

const seconds = (stat, fields) =>
  fields.reduce((sum, field) => sum + Number(stat[field]), 0) / TICKS_PER_SECOND;

/** CPU seconds of a process so far. */
export const cpuOfProcess = (pid) => seconds(statOf(pid), [11, 12]);

/** CPU seconds of a server and all processes it has started, also of those that have ended. */
function ofServer(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat && Number(stat[1]) === pid);
  return children.reduce(
    (sum, stat) => sum + seconds(stat, [11, 12]),
    seconds(statOf(pid), [11, 12, 13, 14]),
  );
}

/** CPU time a piece of work costs the service and PostgreSQL, in µs per item: what other programs do at the time does not change it. */
export async function cpuOf({ service, postgres }, items, work) {
  const before = [cpuOfProcess(service.pid), ofServer(postgres.pid)];
  const result = await work();
  const [own, database] = [cpuOfProcess(service.pid) - before[0], ofServer(postgres.pid) - before[1]];
  return { result, service: (own * 1e6) / items, postgres: (database * 1e6) / items };
}
