import { channelsSchema, events, programmeSchema } from '#libs/contracts';
import type { ChannelSettings, ProgrammeSettings } from '#libs/contracts';
import {
  badgesSchema,
  boardsSchema,
  challengesSchema,
  leaguesSchema,
  fairPlaySchema,
  levelsSchema,
  metricsSchema,
  rulesSchema,
  streaksSchema,
  typeOfMetric,
} from '#libs/scoring';
import type {
  Badge,
  Board,
  Challenge,
  League,
  FairPlayCheck,
  Level,
  Metrics,
  RuleDefinition,
  Streak,
} from '#libs/scoring';
import { eventShapes } from '#libs/workflow';
import type { Catalog, Problem } from '#libs/workflow';
import type { z } from 'zod';
import { artworkProblems } from './artwork.js';
import { checkArtwork } from './badge-references.js';
import { at, bundleProblems, namesIn } from './files.js';
import type { Files } from './files.js';
import { goalsSchema } from './goals.js';
import type { Goal } from './goals.js';
import { invitationPageSchema } from './pages.js';
import type { InvitationPage } from './pages.js';
import { readPart } from './reading.js';
import type { Part, Reading } from './reading.js';
import { checkReferences } from './references.js';
import type { Parts } from './references.js';
import { rewardBudgetsSchema, rewardsSchema } from './rewards.js';
import type { Reward, RewardBudget } from './rewards.js';
import { surveysSchema } from './surveys.js';
import type { Survey } from './surveys.js';
import { readTemplates } from './templates.js';
import { readWorkflows, workflowIds } from './workflows.js';
import type { InputValues, ProgrammeWorkflow } from './workflows.js';

/** A programme whose files fit together. */
export interface Programme {
  settings: ProgrammeSettings;
  metrics: Metrics;
  rules: RuleDefinition[];
  /** What makes points suspicious. */
  fairPlay: FairPlayCheck[];
  badges: Badge[];
  boards: Board[];
  rewards: Reward[];
  surveys: Survey[];
  goals: Goal[];
  streaks: Streak[];
  leagues: League[];
  rewardBudgets: RewardBudget[];
  challenges: Challenge[];
  levels: Level[];
  channels: ChannelSettings[];
  /** Words of the acceptance page by language. */
  pages: ReadonlyMap<string, InvitationPage>;
  /** Ids of the mail templates. */
  templates: ReadonlySet<string>;
  /** Types of activities that the programme declares, or that rules and metrics listen to. */
  activityTypes: ReadonlySet<string>;
  workflows: ProgrammeWorkflow[];
  /** What workflows may name. */
  catalog: Catalog;
}

/** A programme with what is hardly meant, or everything that is wrong with it. */
export type CheckedProgramme =
  | { ok: true; programme: Programme; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/** Reads all files of a programme as one; never throws for a wrong file. `values` are what HR has set in forms. */
export function checkProgramme(files: Files, values: InputValues = {}): CheckedProgramme {
  const refused = [...bundleProblems(files), ...artworkProblems(files)];
  if (refused.length > 0) return { ok: false, problems: refused, warnings: [] };
  const reading: Reading = { files, problems: [], warnings: [] };
  const parts = readParts(reading);
  checkReferences(parts);
  checkArtwork(parts, files);
  const locales = parts.settings?.content.locales ?? [];
  const rest = { templates: readTemplates(reading, locales), pages: readPages(reading, locales[0]) };
  const programme = assemble(reading, parts, rest, values);
  const { problems, warnings } = reading;
  return problems.length === 0 && programme
    ? { ok: true, programme, warnings }
    : { ok: false, problems: inOrder(problems), warnings: inOrder(warnings) };
}

function readParts(reading: Reading): Parts {
  // What a programme need not have: without the file the list is empty.
  const ifThere = <S extends z.ZodArray>(file: string, schema: S): Part<z.infer<S>> | null =>
    file in reading.files ? readPart(reading, file, schema) : nothing<z.infer<S>>();
  return {
    settings: readPart(reading, 'programme.yaml', programmeSchema),
    metrics: readPart(reading, 'metrics.yaml', metricsSchema),
    rules: readPart(reading, 'rules.yaml', rulesSchema),
    fairPlay: ifThere('fair-play.yaml', fairPlaySchema),
    badges: readPart(reading, 'badges.yaml', badgesSchema),
    boards: readPart(reading, 'boards.yaml', boardsSchema),
    rewards: ifThere('rewards.yaml', rewardsSchema),
    surveys: ifThere('surveys.yaml', surveysSchema),
    goals: ifThere('goals.yaml', goalsSchema),
    streaks: ifThere('streaks.yaml', streaksSchema),
    rewardBudgets: ifThere('reward-budgets.yaml', rewardBudgetsSchema),
    leagues: ifThere('leagues.yaml', leaguesSchema),
    challenges: ifThere('challenges.yaml', challengesSchema),
    levels: ifThere('levels.yaml', levelsSchema),
    channels: ifThere('channels.yaml', channelsSchema),
  };
}

const nothing = <T>(): Part<T> => ({ content: [] as T, problem: () => undefined, warn: () => undefined });

function readPages(reading: Reading, first: string | undefined): Map<string, InvitationPage> {
  const locales = namesIn(localised(reading.files), 'pages/', '.invitation.yaml');
  const pages = locales.flatMap((locale): [string, InvitationPage][] => {
    const part = readPart(reading, `pages/${locale}/invitation.yaml`, invitationPageSchema);
    return part ? [[locale, part.content]] : [];
  });
  if (first !== undefined && !locales.includes(first))
    reading.problems.push(
      at(
        `pages/${first}/invitation.yaml`,
        'this file is missing',
        'the first language must have every page; add it',
      ),
    );
  return new Map(pages);
}

const localised = (files: Files): Files =>
  Object.fromEntries(
    Object.keys(files).map((path) => [path.replace(/\/invitation\.yaml$/, '.invitation.yaml'), '']),
  );

function assemble(
  reading: Reading,
  parts: Parts,
  rest: Pick<Programme, 'pages' | 'templates'>,
  values: InputValues,
): Programme | null {
  const catalog = catalogOf(reading, parts, rest.templates);
  const workflows = readWorkflows(reading, catalog, values);
  const { settings, metrics, rules, badges, boards, rewards, surveys, goals, channels } = parts;
  if (!settings || !metrics || !rules || !badges || !boards || !rewards || !surveys || !goals || !channels)
    return null;
  const { streaks, levels, fairPlay, leagues, challenges, rewardBudgets } = parts;
  if (!streaks || !levels || !fairPlay || !leagues || !challenges || !rewardBudgets) return null;
  return {
    settings: settings.content,
    metrics: metrics.content,
    rules: rules.content,
    fairPlay: fairPlay.content,
    badges: badges.content,
    boards: boards.content,
    rewards: rewards.content,
    surveys: surveys.content,
    goals: goals.content,
    streaks: streaks.content,
    leagues: leagues.content,
    rewardBudgets: rewardBudgets.content,
    challenges: challenges.content,
    levels: levels.content,
    channels: channels.content,
    ...rest,
    activityTypes: activityTypesOf(parts),
    workflows,
    catalog,
  };
}

// A list whose file is wrong is left out, so that what names it is not told to be wrong as well.
function catalogOf({ files }: Reading, parts: Parts, templates: ReadonlySet<string>): Catalog {
  const { settings, metrics, rules, badges, boards, surveys, channels } = parts;
  const heard = settings && metrics && rules;
  return {
    templates,
    workflows: workflowIds(files),
    shapes: eventShapes(settings?.content.activities),
    ...(badges && { badges: idsOf(badges) }),
    ...(boards && { boards: idsOf(boards) }),
    ...(surveys && { surveys: idsOf(surveys) }),
    ...(channels && { channels: idsOf(channels) }),
    ...(rules && { rules: idsOf(rules) }),
    ...(metrics && { metrics: new Set(Object.keys(metrics.content)) }),
    ...(heard && { events: new Set([...Object.keys(events), ...activityTypesOf(parts)]) }),
  };
}

const idsOf = ({ content }: Part<readonly { id: string }[]>): Set<string> =>
  new Set(content.map(({ id }) => id));

const activityTypesOf = ({ settings, rules, metrics }: Parts): Set<string> =>
  new Set([
    ...Object.keys(settings?.content.activities ?? {}),
    ...(rules?.content ?? []).map((rule) => rule.when),
    ...Object.values(metrics?.content ?? {}).flatMap((metric) => typeOfMetric(metric) ?? []),
  ]);

const inOrder = (problems: Problem[]): Problem[] =>
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
