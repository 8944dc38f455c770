/** Zones, local times, working days, waits, cron and periods: pure, on epoch milliseconds and IANA zones. */
export { parseTime, plusDays } from './civil.js';
export { parseCron } from './cron.js';
export type { Cron, ParsedCron } from './cron.js';
export { cronBetween, nextCron } from './cron-search.js';
export { addDuration, localDateTime, parseDuration, roughLength } from './duration.js';
export type { Duration, ParsedDuration } from './duration.js';
export { PERIOD_KINDS, periodFromKey, periodOf, previousPeriod } from './period.js';
export type { Period, PeriodKind } from './period.js';
export { afterQuietHours } from './quiet-hours.js';
export type { QuietHours } from './quiet-hours.js';
export { isUntil, nextWait } from './wait.js';
export type { Wait } from './wait.js';
export { isWindow, previousWindowOf, WINDOW_NAMES, windowOf } from './window.js';
export type { DateWindow } from './window.js';
export { isWorkingDay, nextWorkingDay } from './working-days.js';
export type { WorkCalendar } from './working-days.js';
export { isZone, localDate, localTime, localToInstant, offsetAt } from './zone.js';
