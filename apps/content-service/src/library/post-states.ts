/** Where a post stands; only a published one is shown and shared. */
export const postStatuses = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'] as const;
export type PostStatus = (typeof postStatuses)[number];

/** A reviewer is one of HR who did not write what is reviewed. */
type Who = 'hr' | 'reviewer' | 'clock';

interface Transition {
  from: readonly PostStatus[];
  to: PostStatus;
  who: readonly Who[];
  /** Whether as many as the programme wants must have approved this very version. */
  approved: boolean;
}

/** Every way a post can go. */
export const transitions = {
  submit: { from: ['draft'], to: 'review', who: ['hr'], approved: false },
  approve: { from: ['review'], to: 'review', who: ['reviewer'], approved: false },
  reject: { from: ['review'], to: 'draft', who: ['hr'], approved: false },
  schedule: { from: ['draft', 'review', 'scheduled'], to: 'scheduled', who: ['hr'], approved: true },
  unschedule: { from: ['scheduled'], to: 'draft', who: ['hr'], approved: false },
  publish: {
    from: ['draft', 'review', 'scheduled'],
    to: 'published',
    who: ['hr', 'clock'],
    approved: true,
  },
  expire: { from: ['published'], to: 'expired', who: ['hr', 'clock'], approved: false },
  archive: {
    from: ['draft', 'review', 'scheduled', 'published', 'expired'],
    to: 'archived',
    who: ['hr'],
    approved: false,
  },
  reopen: { from: ['expired', 'archived'], to: 'draft', who: ['hr'], approved: false },
} as const satisfies Record<string, Transition>;
export type PostAction = keyof typeof transitions;

/** What can be done with a post in a state. */
export const actionsFrom = (status: PostStatus): PostAction[] =>
  (Object.keys(transitions) as PostAction[]).filter((action) =>
    (transitions[action].from as readonly PostStatus[]).includes(status),
  );

/** What is asked of a post. */
export interface Asked {
  status: PostStatus;
  /** Of the present version. */
  approvals: number;
  /** How many the programme wants. */
  required: number;
  /** Whether who asks wrote the present version. */
  own: boolean;
}

/** Where the action leads, or why it does not: the sentence says which ways there are. */
export function move(
  action: PostAction,
  { status, approvals, required, own }: Asked,
): { ok: true; to: PostStatus } | { ok: false; code: string; reason: string } {
  const transition: Transition = transitions[action];
  if (!transition.from.includes(status)) return refused(action, status);
  if (own && !transition.who.includes('hr') && transition.who.includes('reviewer'))
    return { ok: false, code: 'own_post', reason: 'Who wrote a post cannot approve it; somebody else must.' };
  if (transition.approved && approvals < required)
    return {
      ok: false,
      code: 'approvals_missing',
      reason: `This post has ${approvals} of ${required} approvals; from ${status} it can ${inWords(status, transition)}.`,
    };
  return { ok: true, to: transition.to };
}

const refused = (action: PostAction, status: PostStatus) =>
  ({
    ok: false,
    code: 'transition_refused',
    reason: `A post that is ${status} has no "${action}"; there is ${listed(actionsFrom(status))}.`,
  }) as const;

const inWords = (status: PostStatus, { to }: Transition): string =>
  listed(
    actionsFrom(status).filter((action) => !transitions[action].approved && transitions[action].to !== to),
  );

const listed = (actions: readonly PostAction[]): string => actions.join(', ');
