/** A claim on its way: claimed → approved → fulfilled, or rejected with the points given back. */
export interface Claim {
  id: string;
  reward: string;
  personId: string;
  price: number;
  state: 'claimed' | 'approved' | 'rejected' | 'fulfilled';
}
