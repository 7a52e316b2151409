import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** People who sign in, what they may do, their sessions, and the links that let them in for the first time. */
export const people: Migration = {
  number: 9,
  name: 'people',
  breaking: true,
  async up(db) {
    await table(db, 'person', {
      id: 'id',
      email: 'text!',
      name: 'text!',
      password_hash: 'text',
      relay_role: 'text',
      totp_secret: 'text',
      totp_used_step: 'integer',
      recovery_json: 'text',
      created_at: 'time!',
      disabled_at: 'time',
      last_signed_in_at: 'time',
    })
      .addUniqueConstraint('person_email', ['email'])
      .execute();
    await table(db, 'person_tenant', { person_id: 'person.id!', tenant_id: 'tenant.id!', role: 'text!' })
      .addPrimaryKeyConstraint('person_tenant_key', ['person_id', 'tenant_id'])
      .execute();
    await index(db, 'person_of_tenant', 'person_tenant', ['tenant_id']);
    await table(db, 'person_identity', { issuer: 'text!', subject: 'text!', person_id: 'person.id!', created_at: 'time!' })
      .addPrimaryKeyConstraint('person_identity_key', ['issuer', 'subject'])
      .execute();
    await table(db, 'person_session', {
      token_hash: 'text!',
      person_id: 'person.id!',
      csrf: 'text!',
      address: 'text!',
      browser: 'text!',
      created_at: 'time!',
      last_used_at: 'time!',
      expires_at: 'time!',
    })
      .addPrimaryKeyConstraint('person_session_key', ['token_hash'])
      .execute();
    await index(db, 'session_of_person', 'person_session', ['person_id']);
    await table(db, 'person_link', {
      token_hash: 'text!',
      purpose: 'text!',
      person_id: 'person.id',
      created_by: 'text!',
      created_at: 'time!',
      expires_at: 'time!',
      used_at: 'time',
    })
      .addPrimaryKeyConstraint('person_link_key', ['token_hash'])
      .execute();
  },
};
