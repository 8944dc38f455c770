import type { Command } from 'commander';
import { registerDemo } from './commands/demo.js';
import { registerBounce } from './commands/bounce.js';
import { registerClock } from './commands/clock.js';
import { registerDatabases } from './commands/databases.js';
import { registerFeed } from './commands/feed.js';
import { registerHealth } from './commands/health.js';
import { registerMail } from './commands/mail.js';
import { registerExpression } from './commands/expression.js';
import { registerReference } from './commands/reference.js';
import { registerSchedule } from './commands/schedule.js';
import { registerSimulate } from './commands/simulate.js';
import { registerApply } from './commands/apply.js';
import { registerExport } from './commands/export.js';
import { registerPlan } from './commands/plan.js';
import { registerValidate } from './commands/validate.js';
import { registerUp } from './commands/up.js';

/** Every command of `laurel`, in the order that the help lists them: a new one is a file in `commands/` and a line here. */
export const COMMANDS: readonly ((program: Command) => void)[] = [
  registerUp,
  registerDemo,
  registerClock,
  registerMail,
  registerDatabases,
  registerHealth,
  registerSchedule,
  registerFeed,
  registerBounce,
  registerExpression,
  registerReference,
  registerValidate,
  registerPlan,
  registerApply,
  registerExport,
  registerSimulate,
];
