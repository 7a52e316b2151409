import type { Clock, Log } from '@ml-connector/shared';
import type { AddressPolicy } from '../alerts/index.ts';
import type { OidcConfig } from '../config/index.ts';
import type { Sessions } from '../engine/index.ts';
import type { Flow } from '../flows/index.ts';
import type { EnrollToken, Gateway } from '../gateway/index.ts';
import type { Store } from '../store/index.ts';
import type { SystemManifest } from '../systems/index.ts';
import type { Vault } from '../vault/index.ts';
import type { WebhookReceiver } from '../webhooks/index.ts';
import type { SignInAttempts } from '../people/index.ts';
import type { Metrics } from './metrics.ts';

/** What the API works with. */
export interface Services {
  store: Store;
  vault: Vault;
  clock: Clock;
  log: Log;
  gateway: Pick<Gateway, 'call' | 'stream' | 'sessions' | 'revoke'>;
  /** A token that lets one agent enrol at the site. */
  issueEnrollToken(site: { tenantId: string; siteId: string; ttlMs: number }): Promise<EnrollToken>;
  sessions: Sessions;
  systems: readonly SystemManifest[];
  flows: readonly Flow[];
  metrics: Metrics;
  attempts: SignInAttempts;
  /** Takes what systems send below `/webhooks/`. */
  webhooks: Pick<WebhookReceiver, 'handle'>;
  /** Sign-in through an identity provider; undefined: with passwords only. */
  oidc: OidcConfig | undefined;
  /** How systems reach the relay; undefined: they do not. */
  publicUrl: string | undefined;
  /** Where anchors of the audit trail are kept outside the database. */
  anchorFile: string | undefined;
  /** `certificates` are the relay's own. */
  alerts: { publicUrl: () => string; addresses: AddressPolicy; certificates: readonly { name: string; expiresAt: number; fix: string }[] };
}
