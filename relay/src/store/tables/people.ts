/** People who sign in. */
export interface PeopleTables {
  person: PersonRow;
  person_tenant: PersonTenantRow;
  person_identity: PersonIdentityRow;
  person_session: PersonSessionRow;
  person_link: PersonLinkRow;
}

export interface PersonRow {
  id: string;
  /** In lower case. */
  email: string;
  name: string;
  /** null: signs in by the identity provider only, or has not used the invitation yet. */
  password_hash: string | null;
  /** What the person may do in all tenants and the relay itself; null: only what `person_tenant` says. */
  relay_role: string | null;
  /** Encrypted by the vault; null: no second factor. */
  totp_secret: string | null;
  /** Of the code used last, which is not good again. */
  totp_used_step: number | null;
  /** Hashes of the recovery codes that are left. */
  recovery_json: string | null;
  created_at: number;
  disabled_at: number | null;
  last_signed_in_at: number | null;
}

export interface PersonTenantRow {
  person_id: string;
  tenant_id: string;
  role: string;
}

/** Who the identity provider says it is. */
export interface PersonIdentityRow {
  issuer: string;
  subject: string;
  person_id: string;
  created_at: number;
}

export interface PersonSessionRow {
  token_hash: string;
  person_id: string;
  /** Sent by the page with every change. */
  csrf: string;
  address: string;
  browser: string;
  created_at: number;
  /** To the minute. */
  last_used_at: number;
  expires_at: number;
}

/** A link that works once. */
export interface PersonLinkRow {
  token_hash: string;
  /** `setup`: makes the first administrator; `password`: sets the password of that person. */
  purpose: string;
  person_id: string | null;
  created_by: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}
