/** Several that went as one mail are named by the one that leads, with a suffix for all of them together. */
const DELIVERY = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.[0-9a-f]{12})?@/i;

/** The deliveries whose Message-IDs these are: ours begin with the id of the delivery. */
export const deliveryIdsIn = (messageIds: readonly string[]): string[] =>
  messageIds.flatMap((id) => DELIVERY.exec(id)?.[1]?.toLowerCase() ?? []);

/** A reason without the addresses in it: reasons are shown, logged and kept. */
export const blotted = (reason: string): string =>
  reason.replaceAll(/[^\s<>"',;:()[\]]+@[^\s<>"',;:()[\]]+/g, '(address)');
