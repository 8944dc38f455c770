import { z } from 'zod';
import { serviceEnv } from '#libs/platform';

/** What the content service needs of its environment. */
export const envSchema = serviceEnv.extend({
  /** The programme as code: of it, programme.yaml. */
  PROGRAMME_DIR: z.string().min(1),
  /** `host:port` list that feeds may be fetched from although not public; for the demo's own feeds. */
  CONTENT_ALLOW_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  /** Whether the pages of imported articles are asked for a picture and a summary when the feed has none. */
  CONTENT_UNFURL: z.stringbool().default(true),
  /** Where clicks are kept until the database has them; it must outlive the process. Replicas may share it. */
  CLICK_JOURNAL_DIR: z.string().min(1).default('.laurel/clicks'),
  /** So many megabytes of clicks (of some 110 bytes each) may wait in the journal of a process. */
  CLICK_JOURNAL_MB: z.coerce.number().positive().max(100_000).default(512),
  /** Whether every write to the journal waits for the disk, so that a power failure loses no click. */
  CLICK_JOURNAL_FSYNC: z.stringbool().default(false),
  /** A click so soon after its share was made is a scanner's, so are three links within that time, and clicks are judged when it is over. */
  CLICK_HASTE_SECONDS: z.coerce.number().min(0).max(300).optional(),
});
export type Env = z.infer<typeof envSchema>;

/** In milliseconds. On virtual time nothing passes between a share and its clicks unless the clock is moved: there haste says nothing. */
export const hasteOf = ({ CLICK_HASTE_SECONDS: seconds, LAUREL_CLOCK: clock }: Env): number =>
  (seconds ?? (clock === 'virtual' ? 0 : 5)) * 1000;
