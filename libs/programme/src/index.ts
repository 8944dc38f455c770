/** The files of a programme as one: read, checked and compared, without touching a disk. */
export { checkProgramme } from './check.js';
export type { CheckedProgramme, Programme } from './check.js';
export { filesDifference, isNothing } from './difference.js';
export type { ChangedFile, FilesDifference } from './difference.js';
export { ENDINGS } from './files.js';
export type { Files } from './files.js';
export type { Goal } from './goals.js';
export type { InvitationPage } from './pages.js';
export type { Reward, RewardBudget } from './rewards.js';
export { programmeJsonSchemas } from './schemas.js';
export { surveySchema } from './surveys.js';
export type { Survey } from './surveys.js';
export type { InputValues, ProgrammeWorkflow } from './workflows.js';
