import { z } from 'zod';
import { mailTopics } from '#libs/contracts';

const word = z.string();

/** The words of the page on which somebody chooses which mails to get, and what the topics are called. */
export const preferencesWordsSchema = z.strictObject({
  title: word,
  heading: word,
  intro: word,
  saved: word,
  topicsTitle: word,
  now: word,
  digest: word,
  off: word,
  digestTitle: word,
  digestNote: word,
  daily: word,
  weekly: word,
  none: word,
  save: word,
  pauseTitle: word,
  pauseNote: word,
  pause30: word,
  pause90: word,
  pausedUntil: word,
  resume: word,
  leaveTitle: word,
  leaveNote: word,
  leave: word,
  left: word,
  comeBack: word,
  tasksNote: word,
  invalid: word,
  invalidText: word,
  gone: word,
  goneText: word,
  topics: z.record(z.enum(mailTopics), word),
});
export type PreferencesWords = z.infer<typeof preferencesWordsSchema>;
