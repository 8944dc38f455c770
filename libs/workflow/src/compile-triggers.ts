import { z } from 'zod';
import { didYouMean } from '#libs/expression';
import { checkCel, checkDuration, checkKnown, checkTime, checkZone, readShape, report } from './checking.js';
import type { Checking } from './checking.js';
import { calendarSchema } from './definition.js';
import type { CalendarSpec, StopWhen, Trigger } from './definition.js';
import { eventShape, eventShapesOf, withEvents } from './event-shapes.js';
import type { Path } from './problem.js';
import { TRIGGER_KINDS } from './triggers/list.js';

/** The shape of one stop_when. */
export const stopSchema = z.strictObject({
  event: z.string(),
  if: z.string().optional(),
  key: z.string().optional(),
});

/** Reads `on`, one trigger or a list. */
export function readTriggers(on: unknown, checking: Checking): Trigger[] {
  if (Array.isArray(on) && on.length === 0)
    report(checking, ['on'], 'nothing starts this workflow', 'add a trigger under on:');
  return oneOrMany(on, ['on']).flatMap(({ value, path }) => readTrigger(value, path, checking));
}

function readTrigger(value: unknown, path: Path, checking: Checking): Trigger[] {
  const words = TRIGGER_KINDS.map((k) => k.kind);
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  const kind = TRIGGER_KINDS.find((k) => keys.includes(k.kind));
  if (!kind) {
    report(
      checking,
      path,
      `no trigger is named here`,
      keys[0] === undefined ? `use one of ${words.join(', ')}` : didYouMean(keys[0], words),
    );
    return [];
  }
  const config = readShape(checking, path, kind.schema, value, kind.keys);
  if (config === null) return [];
  withEvents(checking, eventShapesOf({ kind: kind.kind, config }, checking.catalog), () =>
    kind.check(config, checking, path),
  );
  return [{ kind: kind.kind, config }];
}

/** Reads `stop_when`, one or a list. */
export function readStops(stops: unknown, checking: Checking): StopWhen[] {
  if (stops === undefined) return [];
  return oneOrMany(stops, ['stop_when']).flatMap(({ value, path }) => readStop(value, path, checking));
}

function readStop(value: unknown, path: Path, checking: Checking): StopWhen[] {
  const stop = readShape(checking, path, stopSchema, value, Object.keys(stopSchema.shape));
  if (!stop) return [];
  checkKnown(checking, 'events', [...path, 'event'], stop.event);
  withEvents(checking, [eventShape(stop.event, checking.catalog)], () => {
    if (stop.if !== undefined) checkCel(checking, [...path, 'if'], stop.if, 'trigger', { expects: 'bool' });
    if (stop.key !== undefined) checkCel(checking, [...path, 'key'], stop.key, 'trigger');
  });
  return [{ event: stop.event, if: stop.if ?? null, key: stop.key ?? null }];
}

/** Reads the calendar block. */
export function readCalendar(block: unknown, checking: Checking): CalendarSpec {
  if (block === undefined) return {};
  const calendar = readShape(
    checking,
    ['calendar'],
    calendarSchema,
    block,
    Object.keys(calendarSchema.shape),
  );
  if (calendar?.zone !== undefined) checkZone(checking, ['calendar', 'zone'], calendar.zone);
  if (calendar?.at !== undefined) checkTime(checking, ['calendar', 'at'], calendar.at);
  if (calendar?.spread !== undefined) checkDuration(checking, ['calendar', 'spread'], calendar.spread);
  return calendar ?? {};
}

function oneOrMany(value: unknown, path: Path): { value: unknown; path: Path }[] {
  return Array.isArray(value)
    ? value.map((each: unknown, index) => ({ value: each, path: [...path, index] }))
    : [{ value, path }];
}
