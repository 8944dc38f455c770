import { z } from 'zod';

const text = z.string().min(1);

/** `pages/<language>/invitation.yaml`: what the page says on which an invitation is accepted. */
export const invitationPageSchema = z.strictObject({
  hello: text,
  intro: text,
  voluntary: text,
  button: text,
  done: text,
  done_text: text,
  invalid: text,
  invalid_text: text,
  expired: text,
  expired_text: text,
});
export type InvitationPage = z.infer<typeof invitationPageSchema>;
