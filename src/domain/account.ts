/** Staff roles of this release; a customer has no account. */
export type StaffRole = 'agent' | 'supervisor' | 'it';

/** Everyone who may call a route. `public`: no session needed. `customer`: holder of a visit's token. */
export type Role = StaffRole | 'customer' | 'public' | 'local';

/** A person who signs in on the staff page. */
export type Account = {
  readonly name: string;
  readonly displayName: string;
  readonly role: StaffRole;
  /** Skills whose escalations come first; empty means all. */
  readonly skills: readonly string[];
  /** argon2id, PHC string format. */
  passwordHash: string;
  mustChangePassword: boolean;
  readonly createdAt: number;
};
