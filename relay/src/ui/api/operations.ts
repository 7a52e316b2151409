// Generated from the OpenAPI document by scripts/api-types.ts.

export type Tenant = { id: string; name: string; createdAt: string };

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  fix: string;
  requestId: string;
  errors?: Array<{ path: string; message: string }> | undefined;
};

export type Site = { id: string; name: string; createdAt: string };

export type IssuedEnrollToken = { id: string; token: string; expiresAt: string; command: string };

export type EnrollToken = { id: string; createdAt: string; expiresAt: string; usedAt: string | null; agentId: string | null };

export type Agent = {
  id: string;
  siteId: string;
  name: string;
  version: string;
  machine: string;
  enrolledAt: string;
  revokedAt: string | null;
  lastSeenAt: string | null;
  session: {
    connectedAt: string;
    peer: string;
    systems: Array<string>;
    roundTripMs: number | null;
    callsInFlight: number;
    isDraining: boolean;
  } | null;
};

export type Connection = {
  id: string;
  system: string;
  name: string;
  siteId: string | null;
  settings: { [name: string]: unknown };
  halt: { code: string; message: string; fix: string; at: string } | null;
  lastCheck: ConnectionCheck | null;
  createdAt: string;
  changedAt: string;
};

export type ConnectionCheck = {
  at: string;
  ok: boolean;
  account: string | null;
  details: { [name: string]: string };
  problem: { code: string; message: string; fix: string; at: string } | null;
};

export type AgentCredential = {
  agentId: string;
  agentName: string;
  state: 'missing' | 'waiting' | 'delivered' | 'refused';
  at: string | null;
  problem: { code: string; message: string; fix: string } | null;
};

export type SealingKeys = {
  system: string;
  agents: Array<{ agentId: string; agentName: string; publicKey: { kty: 'OKP'; crv: 'X25519'; x: string } }>;
};

export type ConnectionWebhooks = {
  connectionId: string;
  state: 'waiting' | 'working' | 'failing' | 'unreachable';
  url: string | null;
  mode: 'observe' | 'required' | null;
  modeSetBy: string | null;
  firstGenuineAt: string | null;
  secretRotatedAt: string | null;
  subscriptions: Array<{ topic: string; state: string }>;
  lastKeptAt: string | null;
  nextKeepAt: string | null;
  problem: { code: string; message: string; fix: string } | null;
  lastEventAt: string | null;
  newEvents: number;
  waitingKeys: number;
  lastDay: Array<{ outcome: string; count: number }>;
  since: string | null;
};

export type Blackouts = {
  connectionId: string;
  windows: Array<{
    words: string;
    window:
      | { cron: string; forMinutes: number; timeZone: string; note?: string | undefined }
      | { from: string; to: string; timeZone: string; note?: string | undefined };
  }>;
  isDark: boolean;
  until: string | null;
};

export type Integration = {
  id: string;
  name: string;
  sourceConnectionId: string;
  targetConnectionId: string;
  flows: Array<IntegrationFlow>;
  createdAt: string;
  changedAt: string;
};

export type IntegrationFlow = {
  flowId: string;
  title: string;
  enabled: boolean;
  paused: boolean;
  settings: { [name: string]: unknown };
  everySeconds: number | null;
  cron: string | null;
  sweepEverySeconds: number | null;
  sweepCron: string | null;
  timeZone: string | null;
  scheduleWords: string;
  sweepWords: string | null;
  nextRunAt: string | null;
  nextSweepAt: string | null;
  nextRuns: Array<string>;
  requestedMode: string | null;
  failures: number;
  posting: {
    cron: string | null;
    timeZone: string | null;
    forMinutes: number | null;
    maxAgeDays: number | null;
    words: string;
    isHeld: boolean;
    heldUntil: string | null;
    holds: Array<{ code: string; message: string; until: string | null }>;
    postNowAt: string | null;
    waiting: { [name: string]: number };
  };
  source: { isHeld: boolean; holds: Array<{ code: string; message: string; until: string | null }> };
};

export type CloseCalendar = {
  id: string;
  name: string;
  timeZone: string;
  integrationId: string | null;
  flowIds: Array<string> | null;
  entries: Array<
    | { kind: 'freeze'; from: string; to: string; note?: string | undefined }
    | { kind: 'closed'; first: string; last: string; note?: string | undefined }
  >;
  createdAt: string;
  changedAt: string;
};

export type ValueMapSummary = {
  integrationId: string;
  integrationName: string;
  id: string;
  title: string;
  missing: 'block' | 'default' | 'pass';
  entries: number;
  missingCodes: number;
  waitingRecords: number;
};

export type ValueMap = {
  id: string;
  title: string;
  from: string;
  to: string;
  missing: 'block' | 'default' | 'pass';
  defaultCode: string | null;
  entries: Array<{ from: string; fromName: string; to: string; toName: string }>;
  missingEntries: Array<MissingEntry>;
  proposals: Array<{ from: string; fromName: string; to: string; toName: string; why: string }>;
  targetCodes: Array<{ code: string; name: string }>;
};

export type MissingEntry = { code: string; name: string; records: number; examples: Array<string> };

export type OverridePreview = {
  before: {
    outcome: 'mapped' | 'blocked' | 'skipped';
    body: unknown;
    reasons: Array<{ code: string; message: string }>;
    notes: Array<string>;
  };
  after: {
    outcome: 'mapped' | 'blocked' | 'skipped';
    body: unknown;
    reasons: Array<{ code: string; message: string }>;
    notes: Array<string>;
  };
  fields: Array<{ path: string; before: unknown; after: unknown; problem: { code: string; message: string } | null }>;
};

export type MappingVersion = {
  version: string;
  firstUsedAt: string;
  settings: unknown;
  valueMaps: Array<{ id: string; missing: string; defaultCode: string | null; entries: number; entriesDigest: string }>;
  overrides: Array<{ path: string; expression: string }>;
};

export type MappingDraft = {
  settings?: { [name: string]: unknown } | undefined;
  overrides?: Array<{ path: string; expression: string }> | undefined;
  entries?: { [name: string]: { [name: string]: string | null } } | undefined;
  live: boolean;
  report: MappingComparison;
  changedBy: string;
  changedByName: string | null;
  changedAt: string;
};

export type MappingComparison = {
  compared: number;
  same: number;
  differing: number;
  newlyBlocked: { records: number; examples: Array<{ recordId: string; key: string; label: string; why: string }> };
  unblocked: { records: number; examples: Array<{ recordId: string; key: string; label: string; why: string }> };
  filteredDifferently: { records: number; examples: Array<{ recordId: string; key: string; label: string; why: string }> };
  fields: Array<{
    field: string;
    records: number;
    examples: Array<{ recordId: string; key: string; label: string; why: string; path: string; live: unknown; draft: unknown }>;
  }>;
};

export type DryRun = {
  id: string;
  integrationId: string;
  flowId: string;
  mode: 'changes' | 'sweep' | 'full' | 'backfill';
  days: { first: string; last: string } | null;
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  progress: string;
  read: number;
  counts: { [name: string]: number };
  unchangedButMappedDifferently: number;
  blockedBy: Array<{ code: string; message: string; records: number; example: string }>;
  calls: { [name: string]: number };
  problem: { code: string; message: string; fix: string } | null;
  requestedAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

export type RunRequest = {
  id: string;
  integrationId: string;
  flowId: string;
  mode: 'changes' | 'sweep' | 'full' | 'backfill';
  days: { first: string; last: string } | null;
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'interrupted' | 'cancelled';
  run: Run | null;
  requestedAt: string;
  notBefore: string | null;
  endedAt: string | null;
};

export type Run = {
  id: string;
  integrationId: string;
  flowId: string;
  mode: 'changes' | 'sweep' | 'full' | 'backfill' | 'events' | 'replay';
  days: { first: string; last: string } | null;
  trigger: 'schedule' | 'manual' | 'webhook' | 'replay';
  state: 'running' | 'succeeded' | 'failed' | 'interrupted';
  read: number;
  new: number;
  unchanged: number;
  superseded: number;
  progress: string;
  problem: { code: string; message: string; fix: string } | null;
  startedAt: string;
  endedAt: string | null;
};

export type Reconciliation = {
  id: string;
  integrationId: string;
  flowId: string;
  days: { first: string; last: string };
  trigger: 'schedule' | 'manual';
  state: 'waiting' | 'running' | 'succeeded' | 'failed';
  progress: string;
  sliceCount: number;
  differenceCount: number;
  problem: { code: string; message: string; fix: string } | null;
  requestedAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

export type ReconciliationSlice = {
  name: string;
  source: { count: number; sum: string };
  ledger: { count: number; sum: string };
  target: { count: number; sum: string };
  differenceCount: number;
};

export type ReconciliationDifference = { slice: string; key: string; code: string; message: string; recordId: string | null };

export type ReconciliationPlan = {
  enabled: boolean;
  hour: number;
  everyHours: number | null;
  timeZone: string;
  months: number;
  nextAt: string | null;
};

export type Cause = {
  id: string;
  integrationId: string;
  flowId: string;
  code: string;
  message: string;
  missing: { valueMapId: string; codes: Array<{ code: string; records: number }> } | null;
  records: number;
  states: { [name: string]: number };
  oldestAt: string;
  examples: Array<{ recordId: string; key: string; label: string; message: string }>;
  fix: string;
  frees: string;
};

export type Record = {
  id: string;
  integrationId: string;
  flowId: string;
  runId: string;
  key: string;
  label: string;
  version: number;
  state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
  meaning: string;
  reasons: Array<{ code: string; message: string; fix: string; missing: { valueMapId: string; code: string } | null }>;
  attempts: number;
  nextAttemptAt: string | null;
  uncertainSince: string | null;
  action: string | null;
  targetId: string | null;
  targetLabel: string | null;
  createdAt: string;
  changedAt: string;
};

export type RecordStory = {
  id: string;
  integrationId: string;
  flowId: string;
  runId: string;
  key: string;
  label: string;
  version: number;
  state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
  meaning: string;
  reasons: Array<{ code: string; message: string; fix: string; missing: { valueMapId: string; code: string } | null }>;
  attempts: number;
  nextAttemptAt: string | null;
  uncertainSince: string | null;
  action: string | null;
  targetId: string | null;
  targetLabel: string | null;
  createdAt: string;
  changedAt: string;
  payload: unknown;
  payloadHash: string;
  mappingVersion: string | null;
  replayOf: string | null;
  supersededBy: string | null;
  attemptList: Array<{
    number: number;
    mappingVersion: string;
    body: unknown;
    notes: Array<string>;
    startedAt: string;
    endedAt: string | null;
    outcome: string | null;
    problem: unknown;
    explanation: {
      message: string;
      meaning: string;
      cause: string;
      who: string;
      transaction: string;
      retryHelps: 'yes' | 'after the repair' | 'no';
    } | null;
  }>;
  events: Array<{ seq: number; at: string; actor: string; kind: string; data: unknown; hash: string }>;
  link: { targetId: string; targetLabel: string; recordId: string; changedAt: string } | null;
  acknowledgement: Acknowledgement | null;
  versions: Array<{
    id: string;
    version: number;
    state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
    createdAt: string;
  }>;
};

export type Acknowledgement = { failures: number; nextAttemptAt: string | null; problem: unknown };

export type ReplayResult = { released: Array<string>; created: Array<string>; untouched: Array<string> };

export type Replay = {
  id: string;
  state: 'running' | 'stopped' | 'done' | 'cancelled';
  note: string;
  steps: number;
  nextStepSize: number;
  counts: { [name: string]: number };
  surprises: Array<{ recordId: string; resultId: string | null; outcome: { state: string; why: string } | null }>;
  kept: Array<{ recordId: string; resultId: string | null; outcome: { state: string; why: string } | null }>;
  createdAt: string;
  endedAt: string | null;
};

export type ExportedStory = {
  record: {
    id: string;
    key: string;
    label: string;
    version: number;
    state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
    meaning: string;
    reasons: Array<{ code: string; message: string; fix: string; missing: { valueMapId: string; code: string } | null }>;
    targetId: string | null;
    targetLabel: string | null;
    action: string | null;
    mappingVersion: string | null;
    createdAt: string;
    changedAt: string;
    nextAttemptAt: string | null;
    replayOf: string | null;
    supersededBy: string | null;
  };
  actions: Array<'replay' | 'skip' | 'approve' | 'decide' | 'unlink' | 'acknowledge'>;
  flow: {
    integrationId: string;
    integration: string;
    flowId: string;
    source: string;
    target: string;
    sourceSystem: string;
    targetSystem: string;
  };
  trigger: { runId: string; mode: string; trigger: string; startedAt: string } | null;
  payload: unknown;
  payloadHash: string;
  changes: { version: number; fields: Array<{ field: string; before: unknown; after: unknown }> } | null;
  attempts: Array<{
    number: number;
    mappingVersion: string;
    startedAt: string;
    endedAt: string | null;
    outcome: string | null;
    body: unknown;
    notes: Array<string> | null;
    problem: unknown;
    explanation: {
      message: string;
      meaning: string;
      cause: string;
      who: string;
      transaction: string;
      retryHelps: 'yes' | 'after the repair' | 'no';
    } | null;
  }>;
  events: Array<{
    seq: number;
    at: string;
    actor: string;
    actorName: string | null;
    kind: string;
    data: unknown;
    isDropped: boolean;
    hash: string;
  }>;
  link: { key: string; targetId: string; targetLabel: string | null; recordId: string; changedAt: string } | null;
  acknowledgement: Acknowledgement | null;
  versions: Array<{
    id: string;
    version: number;
    state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
    createdAt: string;
  }>;
  verification: { intact: boolean; detail: string; anchors: Array<{ number: number; day: string; seq: number; fits: boolean }> };
};

export type DecidedRecords = { changed: Array<string>; untouched: Array<string> };

export type Overview = {
  records: { [name: string]: number };
  agents: { enrolled: number; connected: number };
  connections: { total: number; halted: Array<{ id: string; name: string; code: string; message: string; fix: string }> };
  integrations: { total: number; pausedFlows: number; failingFlows: number };
  runs: { running: number; failedLastDay: number };
  missingEntries: number;
};

export type FlowHealth = { integrationId: string; flowId: string; unsettled: { [name: string]: number }; lastRun: Run | null };

export type ThroughputHour = { at: string; succeeded: number; skipped: number; blocked: number };

export type Ending = { what: string; expiresAt: string; fix: string; link: string };

export type System = {
  id: string;
  label: string;
  runsOn: 'relay' | 'agent';
  settings: { [name: string]: unknown };
  secretSettings: Array<string>;
  pace: { calls: number; perSeconds: number } | null;
};

export type Flow = {
  id: string;
  title: string;
  from: string;
  to: string;
  kind: 'master' | 'document';
  settings: { [name: string]: unknown };
  everySeconds: number;
  sweepEverySeconds: number | null;
  canBackfill: boolean;
  canReconcile: boolean;
  valueMaps: Array<{ id: string; title: string; from: string; to: string; missing: 'block' | 'default' | 'pass' }>;
};

export type RecordStateInfo = {
  state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
  meaning: string;
  next: Array<'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped'>;
};

export type ApiToken = {
  id: string;
  name: string;
  tenantId: string | null;
  role: 'viewer' | 'operator' | 'admin';
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
};

export type Me = {
  name: string;
  email: string | null;
  tenantId: string | null;
  everywhere: 'viewer' | 'operator' | 'admin' | null;
  tenants: Array<{ tenantId: string; role: 'viewer' | 'operator' | 'admin' }>;
  role: 'viewer' | 'operator' | 'admin';
  may: Array<'viewer' | 'operator' | 'admin'>;
  hasSecondFactor: boolean;
  csrfToken: string | null;
};

export type Member = { id: string; email: string; name: string; role: 'viewer' | 'operator' | 'admin'; lastSignedInAt: string | null };

export type PersonLink = { url: string; expiresAt: string };

export type Person = {
  id: string;
  email: string;
  name: string;
  everywhere: 'viewer' | 'operator' | 'admin' | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  createdAt: string;
  disabledAt: string | null;
  lastSignedInAt: string | null;
};

export type AuditEvent = { seq: number; at: string; actor: string; actorName: string | null; kind: string; data: unknown; hash: string };

export type AuditAnchor = {
  number: number;
  kind: string;
  day: string;
  throughAt: string;
  madeAt: string;
  chains: number;
  hash: string;
  prevHash: string;
  keyId: string;
  signature: string;
};

export type AuditVerification = {
  state: 'never' | 'running' | 'intact' | 'damaged' | 'failed';
  startedAt: string | null;
  endedAt: string | null;
  events: number;
  chains: number | null;
  anchoredThrough: string | null;
  faultCount: number;
  faults: Array<{
    subjectId: string | null;
    seq: number;
    fault: 'edited' | 'removed' | 'not linked' | 'inserted' | 'content removed' | 'anchor edited' | 'anchor removed' | 'anchor forged';
    day: string;
    detail: string;
  }>;
  problem: string | null;
};

export type Retention = {
  detailDays: number | null;
  eventDays: number | null;
  runDays: number | null;
  webhookDays: number | null;
  last: { at: string; details: number; trails: number; runs: number; damaged: number } | null;
};

export type Alert = {
  id: string;
  rule: string;
  severity: string;
  title: string;
  since: string;
  records: number | null;
  example: string | null;
  fix: string;
  link: string;
  openedAt: string;
  updatedAt: string;
  closedAt: string | null;
  notifiedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  acknowledgedByName: string | null;
  mutedUntil: string | null;
};

export type AlertRule = {
  id:
    | 'blocked'
    | 'uncertain'
    | 'backlog'
    | 'waiting'
    | 'tunnel-down'
    | 'connection-halted'
    | 'run-failed'
    | 'nothing-flowed'
    | 'reconciliation'
    | 'webhooks-broken'
    | 'webhooks-refused'
    | 'expiry'
    | 'audit';
  title: string;
  enabled: boolean;
  settings: { [name: string]: unknown };
  channelIds: Array<string> | null;
  mutedUntil: string | null;
};

export type AlertChannel = {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  settings: { [name: string]: unknown };
  failing: { since: string; at: string; code: string; message: string } | null;
  waiting: number;
  lastSentAt: string | null;
};

export interface Operations {
  'tenants.list': {
    path: {};
    query: { limit?: number; cursor?: string; name?: string };
    body: undefined;
    answer: { items: Array<Tenant>; nextCursor: string | null };
  };
  'tenants.create': { path: {}; query: {}; body: { name: string }; answer: Tenant };
  'tenants.get': { path: { tenantId: string }; query: {}; body: undefined; answer: Tenant };
  'tenants.rename': { path: { tenantId: string }; query: {}; body: { name: string }; answer: Tenant };
  'sites.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; name?: string };
    body: undefined;
    answer: { items: Array<Site>; nextCursor: string | null };
  };
  'sites.create': { path: { tenantId: string }; query: {}; body: { name: string }; answer: Site };
  'sites.get': { path: { tenantId: string; siteId: string }; query: {}; body: undefined; answer: Site };
  'sites.rename': { path: { tenantId: string; siteId: string }; query: {}; body: { name: string }; answer: Site };
  'enroll-tokens.issue': {
    path: { tenantId: string; siteId: string };
    query: {};
    body: { validMinutes?: number | undefined };
    answer: IssuedEnrollToken;
  };
  'enroll-tokens.list': {
    path: { tenantId: string; siteId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<EnrollToken>; nextCursor: string | null };
  };
  'agents.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; siteId?: string };
    body: undefined;
    answer: { items: Array<Agent>; nextCursor: string | null };
  };
  'agents.get': { path: { tenantId: string; agentId: string }; query: {}; body: undefined; answer: Agent };
  'agents.revoke': { path: { tenantId: string; agentId: string }; query: {}; body: undefined; answer: Agent };
  'agents.systems': {
    path: { tenantId: string; agentId: string };
    query: {};
    body: undefined;
    answer: { items: Array<{ name: string; type: 'sap-ecc' | 'jde'; details: { [name: string]: string } }> };
  };
  'agents.doctor': {
    path: { tenantId: string; agentId: string };
    query: {};
    body: { systems?: Array<string> | undefined };
    answer: {
      findings: Array<{ check: string; result: 'ok' | 'warning' | 'failed' | 'skipped'; detail: string; fix: string; ms: number }>;
    };
  };
  'agents.logs': {
    path: { tenantId: string; agentId: string };
    query: {
      lines?: number;
      follow?: string;
      level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
      system?: string;
      recordId?: string;
    };
    body: undefined;
    answer: { [name: string]: unknown };
  };
  'agents.log-level': {
    path: { tenantId: string; agentId: string };
    query: {};
    body: { level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' };
    answer: undefined;
  };
  'connections.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; name?: string };
    body: undefined;
    answer: { items: Array<Connection>; nextCursor: string | null };
  };
  'connections.create': {
    path: { tenantId: string };
    query: {};
    body: { system: string; name: string; siteId?: string | undefined; settings?: { [name: string]: unknown } | undefined };
    answer: Connection;
  };
  'connections.get': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: Connection };
  'connections.change': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: { name?: string | undefined; settings?: { [name: string]: unknown } | undefined };
    answer: Connection;
  };
  'connections.delete': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: undefined };
  'connections.check': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: ConnectionCheck };
  'connections.resume': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: Connection };
  'connections.try': {
    path: { tenantId: string };
    query: {};
    body: { system: string; siteId?: string | undefined; settings?: { [name: string]: unknown } | undefined };
    answer: ConnectionCheck;
  };
  'connections.try-change': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: { settings: { [name: string]: unknown } };
    answer: ConnectionCheck;
  };
  'connections.credential.get': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: undefined;
    answer: { agents: Array<AgentCredential> };
  };
  'connections.credential.set': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: { password: string };
    answer: { agents: Array<AgentCredential> };
  };
  'connections.sealing-keys.get': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: SealingKeys };
  'connections.sealed-credential.set': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: { agents: Array<{ agentId: string; sealed: string }> };
    answer: { agents: Array<AgentCredential> };
  };
  'connections.webhooks.get': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: ConnectionWebhooks };
  'connections.webhooks.change': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: { mode: 'observe' | 'required' | 'automatic' };
    answer: ConnectionWebhooks;
  };
  'connections.webhooks.rotate-secret': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: undefined;
    answer: ConnectionWebhooks;
  };
  'connections.blackouts.get': { path: { tenantId: string; connectionId: string }; query: {}; body: undefined; answer: Blackouts };
  'connections.blackouts.put': {
    path: { tenantId: string; connectionId: string };
    query: {};
    body: {
      windows: Array<
        | { cron: string; forMinutes: number; timeZone: string; note?: string | undefined }
        | { from: string; to: string; timeZone: string; note?: string | undefined }
      >;
    };
    answer: Blackouts;
  };
  'integrations.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; name?: string };
    body: undefined;
    answer: { items: Array<Integration>; nextCursor: string | null };
  };
  'integrations.create': {
    path: { tenantId: string };
    query: {};
    body: {
      name: string;
      sourceConnectionId: string;
      targetConnectionId: string;
      flows?:
        | Array<{
            flowId: string;
            settings?: { [name: string]: unknown } | undefined;
            schedule?:
              | {
                  everySeconds?: number | undefined;
                  cron?: string | undefined;
                  sweepEverySeconds?: number | undefined;
                  sweepCron?: string | undefined;
                  timeZone?: string | undefined;
                }
              | null
              | undefined;
            posting?:
              | {
                  cron?: string | undefined;
                  timeZone?: string | undefined;
                  forMinutes?: number | undefined;
                  maxAgeDays?: number | undefined;
                }
              | null
              | undefined;
            enabled?: boolean | undefined;
          }>
        | undefined;
    };
    answer: Integration;
  };
  'integrations.get': { path: { tenantId: string; integrationId: string }; query: {}; body: undefined; answer: Integration };
  'integrations.rename': { path: { tenantId: string; integrationId: string }; query: {}; body: { name: string }; answer: Integration };
  'integrations.pause': { path: { tenantId: string; integrationId: string }; query: {}; body: undefined; answer: Integration };
  'integrations.resume': { path: { tenantId: string; integrationId: string }; query: {}; body: undefined; answer: Integration };
  'integrations.flows.add': {
    path: { tenantId: string; integrationId: string };
    query: {};
    body: {
      flowId: string;
      settings?: { [name: string]: unknown } | undefined;
      schedule?:
        | {
            everySeconds?: number | undefined;
            cron?: string | undefined;
            sweepEverySeconds?: number | undefined;
            sweepCron?: string | undefined;
            timeZone?: string | undefined;
          }
        | null
        | undefined;
      posting?:
        | { cron?: string | undefined; timeZone?: string | undefined; forMinutes?: number | undefined; maxAgeDays?: number | undefined }
        | null
        | undefined;
      enabled?: boolean | undefined;
    };
    answer: Integration;
  };
  'integrations.flows.change': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: {
      settings?: { [name: string]: unknown } | undefined;
      schedule?:
        | {
            everySeconds?: number | undefined;
            cron?: string | undefined;
            sweepEverySeconds?: number | undefined;
            sweepCron?: string | undefined;
            timeZone?: string | undefined;
          }
        | null
        | undefined;
      posting?:
        | { cron?: string | undefined; timeZone?: string | undefined; forMinutes?: number | undefined; maxAgeDays?: number | undefined }
        | null
        | undefined;
      enabled?: boolean | undefined;
      paused?: boolean | undefined;
    };
    answer: Integration;
  };
  'integrations.flows.post-now': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: { reason: string };
    answer: Integration;
  };
  'integrations.flows.pause': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: Integration;
  };
  'integrations.flows.resume': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: Integration;
  };
  'close-calendars.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; name?: string };
    body: undefined;
    answer: { items: Array<CloseCalendar>; nextCursor: string | null };
  };
  'close-calendars.create': {
    path: { tenantId: string };
    query: {};
    body: {
      name: string;
      timeZone: string;
      integrationId?: string | null | undefined;
      flowIds?: Array<string> | null | undefined;
      entries?:
        | Array<
            | { kind: 'freeze'; from: string; to: string; note?: string | undefined }
            | { kind: 'closed'; first: string; last: string; note?: string | undefined }
          >
        | undefined;
    };
    answer: CloseCalendar;
  };
  'close-calendars.get': { path: { tenantId: string; calendarId: string }; query: {}; body: undefined; answer: CloseCalendar };
  'close-calendars.replace': {
    path: { tenantId: string; calendarId: string };
    query: {};
    body: {
      name: string;
      timeZone: string;
      integrationId?: string | null | undefined;
      flowIds?: Array<string> | null | undefined;
      entries?:
        | Array<
            | { kind: 'freeze'; from: string; to: string; note?: string | undefined }
            | { kind: 'closed'; first: string; last: string; note?: string | undefined }
          >
        | undefined;
    };
    answer: CloseCalendar;
  };
  'close-calendars.delete': { path: { tenantId: string; calendarId: string }; query: {}; body: undefined; answer: undefined };
  'value-maps.overview': { path: { tenantId: string }; query: {}; body: undefined; answer: { items: Array<ValueMapSummary> } };
  'value-maps.released': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: { since: string };
    body: undefined;
    answer: {
      items: Array<{
        state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
        records: number;
      }>;
    };
  };
  'value-maps.list': { path: { tenantId: string; integrationId: string }; query: {}; body: undefined; answer: { items: Array<ValueMap> } };
  'value-maps.get': { path: { tenantId: string; integrationId: string; valueMapId: string }; query: {}; body: undefined; answer: ValueMap };
  'value-maps.entries.put': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: {};
    body: { entries: Array<{ from: string; to: string }> };
    answer: { released: number; changedAt: string; valueMap: ValueMap };
  };
  'value-maps.entries.delete': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: { from: string };
    body: undefined;
    answer: undefined;
  };
  'value-maps.policy': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: {};
    body: { missing: 'block' | 'default' | 'pass'; defaultCode?: string | null | undefined };
    answer: { released: number; changedAt: string; valueMap: ValueMap };
  };
  'value-maps.refresh': {
    path: { tenantId: string; integrationId: string };
    query: {};
    body: undefined;
    answer: { items: Array<ValueMap> };
  };
  'value-maps.export': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: { separator?: 'comma' | 'semicolon' | 'tab' };
    body: undefined;
    answer: string;
  };
  'value-maps.import': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: { mode?: 'merge' | 'replace' };
    body: { csv: string };
    answer: {
      added: Array<{ from: string; to: string }>;
      changed: Array<{ from: string; to: string; before: string }>;
      removed: Array<{ from: string; to: string }>;
      unchanged: number;
      released: number;
      changedAt: string;
    };
  };
  'value-maps.import.preview': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: { mode?: 'merge' | 'replace' };
    body: { csv: string };
    answer: {
      added: Array<{ from: string; to: string }>;
      changed: Array<{ from: string; to: string; before: string }>;
      removed: Array<{ from: string; to: string }>;
      unchanged: number;
      faults: Array<{ line: number; message: string }>;
    };
  };
  'value-maps.proposals.accept': {
    path: { tenantId: string; integrationId: string; valueMapId: string };
    query: {};
    body: { codes: Array<string> } | { all: true };
    answer: {
      accepted: Array<{ from: string; to: string }>;
      ambiguous: Array<string>;
      released: number;
      changedAt: string;
      valueMap: ValueMap;
    };
  };
  'overrides.get': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: {
      overrides: Array<{ path: string; expression: string }>;
      history: Array<{
        number: number;
        overrides: Array<{ path: string; expression: string }>;
        note: string;
        savedBy: string;
        savedByName: string | null;
        savedAt: string;
      }>;
    };
  };
  'overrides.save': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: { overrides: Array<{ path: string; expression: string }>; note?: string | undefined };
    answer: { released: number; overrides: Array<{ path: string; expression: string }> };
  };
  'overrides.check': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: { overrides: Array<{ path: string; expression: string }> };
    answer: undefined;
  };
  'overrides.preview': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: { recordId: string; overrides?: Array<{ path: string; expression: string }> | undefined };
    answer: OverridePreview;
  };
  'mapping-versions.get': {
    path: { tenantId: string; integrationId: string; flowId: string; version: string };
    query: {};
    body: undefined;
    answer: MappingVersion;
  };
  'mapping-drafts.get': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: MappingDraft;
  };
  'mapping-drafts.save': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: {
      settings?: { [name: string]: unknown } | undefined;
      overrides?: Array<{ path: string; expression: string }> | undefined;
      entries?: { [name: string]: { [name: string]: string | null } } | undefined;
      live?: boolean | undefined;
    };
    answer: MappingDraft;
  };
  'mapping-drafts.drop': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'mapping-drafts.compare': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: { records?: number | undefined };
    answer: MappingComparison;
  };
  'mapping-drafts.promote': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: { released: number };
  };
  'dry-runs.start': {
    path: { tenantId: string };
    query: {};
    body: {
      integrationId: string;
      flowId: string;
      mode?: 'changes' | 'sweep' | 'full' | 'backfill' | undefined;
      days?: { first: string; last: string } | undefined;
    };
    answer: DryRun;
  };
  'dry-runs.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<DryRun>; nextCursor: string | null };
  };
  'dry-runs.get': {
    path: { tenantId: string; dryRunId: string };
    query: {};
    body: undefined;
    answer: {
      id: string;
      integrationId: string;
      flowId: string;
      mode: 'changes' | 'sweep' | 'full' | 'backfill';
      days: { first: string; last: string } | null;
      state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
      progress: string;
      read: number;
      counts: { [name: string]: number };
      unchangedButMappedDifferently: number;
      blockedBy: Array<{ code: string; message: string; records: number; example: string }>;
      calls: { [name: string]: number };
      problem: { code: string; message: string; fix: string } | null;
      requestedAt: string;
      startedAt: string | null;
      endedAt: string | null;
      items: Array<{
        outcome: 'created' | 'updated' | 'unchanged' | 'skipped' | 'blocked';
        key: string;
        label: string;
        why: string;
        body: unknown;
        differences: Array<{ path: string; before: unknown; after: unknown }>;
      }>;
    };
  };
  'dry-runs.cancel': { path: { tenantId: string; dryRunId: string }; query: {}; body: undefined; answer: DryRun };
  'runs.start': {
    path: { tenantId: string };
    query: {};
    body: {
      integrationId: string;
      flowId: string;
      mode?: 'changes' | 'sweep' | 'full' | 'backfill' | undefined;
      days?: { first: string; last: string } | undefined;
    };
    answer: RunRequest;
  };
  'runs.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; integrationId?: string; flowId?: string };
    body: undefined;
    answer: { items: Array<Run>; nextCursor: string | null };
  };
  'run-requests.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<RunRequest>; nextCursor: string | null };
  };
  'run-requests.get': { path: { tenantId: string; requestId: string }; query: {}; body: undefined; answer: RunRequest };
  'run-requests.cancel': { path: { tenantId: string; requestId: string }; query: {}; body: undefined; answer: RunRequest };
  'runs.cancel': { path: { tenantId: string; runId: string }; query: {}; body: undefined; answer: Run };
  'runs.get': {
    path: { tenantId: string; runId: string };
    query: {};
    body: undefined;
    answer: {
      id: string;
      integrationId: string;
      flowId: string;
      mode: 'changes' | 'sweep' | 'full' | 'backfill' | 'events' | 'replay';
      days: { first: string; last: string } | null;
      trigger: 'schedule' | 'manual' | 'webhook' | 'replay';
      state: 'running' | 'succeeded' | 'failed' | 'interrupted';
      read: number;
      new: number;
      unchanged: number;
      superseded: number;
      progress: string;
      problem: { code: string; message: string; fix: string } | null;
      startedAt: string;
      endedAt: string | null;
      records: { [name: string]: number };
    };
  };
  'reconciliations.start': {
    path: { tenantId: string };
    query: {};
    body: { integrationId: string; flowId: string; days?: { first: string; last: string } | undefined };
    answer: Reconciliation;
  };
  'reconciliations.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; integrationId?: string; flowId?: string };
    body: undefined;
    answer: { items: Array<Reconciliation>; nextCursor: string | null };
  };
  'reconciliations.get': {
    path: { tenantId: string; reconciliationId: string };
    query: {};
    body: undefined;
    answer: {
      id: string;
      integrationId: string;
      flowId: string;
      days: { first: string; last: string };
      trigger: 'schedule' | 'manual';
      state: 'waiting' | 'running' | 'succeeded' | 'failed';
      progress: string;
      sliceCount: number;
      differenceCount: number;
      problem: { code: string; message: string; fix: string } | null;
      requestedAt: string;
      startedAt: string | null;
      endedAt: string | null;
      slices: Array<ReconciliationSlice>;
    };
  };
  'reconciliations.differences': {
    path: { tenantId: string; reconciliationId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<ReconciliationDifference>; nextCursor: string | null };
  };
  'reconciliation-plan.get': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: undefined;
    answer: ReconciliationPlan;
  };
  'reconciliation-plan.change': {
    path: { tenantId: string; integrationId: string; flowId: string };
    query: {};
    body: {
      enabled?: boolean | undefined;
      hour?: number | undefined;
      everyHours?: number | null | undefined;
      timeZone?: string | undefined;
      months?: number | undefined;
    };
    answer: ReconciliationPlan;
  };
  'records.causes': {
    path: { tenantId: string };
    query: { integrationId?: string; flowId?: string; state?: 'blocked' | 'failed' | 'uncertain' | 'waiting' };
    body: undefined;
    answer: { items: Array<Cause>; examined: number; isComplete: boolean };
  };
  'records.counts': {
    path: { tenantId: string };
    query: { q?: string; integrationId?: string; flowId?: string; runId?: string; reason?: string };
    body: undefined;
    answer: {
      items: Array<{
        state: 'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped';
        records: number;
      }>;
      isComplete: boolean;
    };
  };
  'records.list': {
    path: { tenantId: string };
    query: {
      limit?: number;
      cursor?: string;
      q?: string;
      integrationId?: string;
      flowId?: string;
      runId?: string;
      reason?: string;
      state?: string;
    };
    body: undefined;
    answer: { items: Array<Record>; nextCursor: string | null };
  };
  'records.get': { path: { tenantId: string; recordId: string }; query: {}; body: undefined; answer: RecordStory };
  'records.unlink': { path: { tenantId: string; recordId: string }; query: {}; body: undefined; answer: undefined };
  'records.acknowledge': { path: { tenantId: string; recordId: string }; query: {}; body: undefined; answer: Acknowledgement };
  'records.replay': {
    path: { tenantId: string };
    query: {};
    body:
      | { recordIds: Array<string> }
      | {
          filter: {
            q?: string | undefined;
            integrationId?: string | undefined;
            flowId?: string | undefined;
            runId?: string | undefined;
            reason?: string | undefined;
            states?: Array<'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped'> | undefined;
          };
        };
    answer: ReplayResult;
  };
  'replays.preview': {
    path: { tenantId: string };
    query: {};
    body:
      | { recordIds: Array<string> }
      | { causeId: string }
      | {
          filter: {
            q?: string | undefined;
            integrationId?: string | undefined;
            flowId?: string | undefined;
            runId?: string | undefined;
            reason?: string | undefined;
            states?: Array<'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped'> | undefined;
          };
        };
    answer: {
      selected: number;
      examined: number;
      wouldPass: number;
      wouldBeSkipped: number;
      stillBlocked: number;
      underWay: number;
      blockedBy: Array<{
        code: string;
        message: string;
        records: number;
        examples: Array<{ recordId: string; key: string; label: string; message: string }>;
      }>;
    };
  };
  'replays.start': {
    path: { tenantId: string };
    query: {};
    body:
      | { recordIds: Array<string> }
      | { causeId: string }
      | {
          filter: {
            q?: string | undefined;
            integrationId?: string | undefined;
            flowId?: string | undefined;
            runId?: string | undefined;
            reason?: string | undefined;
            states?: Array<'pending' | 'posting' | 'uncertain' | 'failed' | 'waiting' | 'blocked' | 'succeeded' | 'skipped'> | undefined;
          };
        };
    answer: Replay;
  };
  'replays.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<Replay>; nextCursor: string | null };
  };
  'replays.get': { path: { tenantId: string; replayId: string }; query: {}; body: undefined; answer: Replay };
  'replays.continue': { path: { tenantId: string; replayId: string }; query: {}; body: undefined; answer: Replay };
  'replays.cancel': { path: { tenantId: string; replayId: string }; query: {}; body: undefined; answer: Replay };
  'records.story': {
    path: { tenantId: string; recordId: string };
    query: { format?: 'json' | 'html' };
    body: undefined;
    answer: ExportedStory;
  };
  'records.skip': {
    path: { tenantId: string };
    query: {};
    body:
      | { recordIds: Array<string>; reason: string }
      | {
          filter: {
            q?: string | undefined;
            integrationId?: string | undefined;
            flowId?: string | undefined;
            runId?: string | undefined;
            reason?: string | undefined;
            states: Array<'pending' | 'failed' | 'waiting' | 'blocked'>;
          };
          reason: string;
        };
    answer: DecidedRecords;
  };
  'records.approve': {
    path: { tenantId: string };
    query: {};
    body:
      | { recordIds: Array<string>; reason: string }
      | {
          filter: {
            q?: string | undefined;
            integrationId?: string | undefined;
            flowId?: string | undefined;
            runId?: string | undefined;
            reason: 'BUSINESS_AGE' | 'PERIOD_CLOSED' | 'SKIPPED_BEFORE';
          };
          reason: string;
        };
    answer: DecidedRecords;
  };
  'records.decide': {
    path: { tenantId: string; recordId: string };
    query: {};
    body: { outcome: 'posted'; targetId: string; reason: string } | { outcome: 'notPosted'; reason: string };
    answer: Record;
  };
  'overview.get': { path: { tenantId: string }; query: {}; body: undefined; answer: Overview };
  'overview.flows': { path: { tenantId: string }; query: {}; body: undefined; answer: { items: Array<FlowHealth> } };
  'overview.throughput': { path: { tenantId: string }; query: {}; body: undefined; answer: { hours: Array<ThroughputHour> } };
  'overview.expiries': { path: { tenantId: string }; query: {}; body: undefined; answer: { items: Array<Ending> } };
  'systems.list': { path: {}; query: {}; body: undefined; answer: { items: Array<System> } };
  'flows.list': { path: {}; query: {}; body: undefined; answer: { items: Array<Flow> } };
  'states.list': { path: {}; query: {}; body: undefined; answer: { items: Array<RecordStateInfo> } };
  'api-tokens.list': {
    path: {};
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<ApiToken>; nextCursor: string | null };
  };
  'api-tokens.create': {
    path: {};
    query: {};
    body: {
      name: string;
      tenantId?: string | null | undefined;
      role: 'viewer' | 'operator' | 'admin';
      expiresAt?: string | null | undefined;
    };
    answer: {
      id: string;
      name: string;
      tenantId: string | null;
      role: 'viewer' | 'operator' | 'admin';
      createdAt: string;
      expiresAt: string | null;
      revokedAt: string | null;
      lastUsedAt: string | null;
      token: string;
    };
  };
  'api-tokens.revoke': { path: { apiTokenId: string }; query: {}; body: undefined; answer: undefined };
  'sign-in-methods.get': { path: {}; query: {}; body: undefined; answer: { password: boolean; oidc: { label: string } | null } };
  'session.begin': { path: {}; query: {}; body: { email: string; password: string; code?: string | undefined }; answer: undefined };
  'session.end': { path: {}; query: {}; body: undefined; answer: undefined };
  'links.look': {
    path: {};
    query: {};
    body: { token: string };
    answer: { purpose: 'setup' | 'password'; email: string | null; name: string | null };
  };
  'links.use': {
    path: {};
    query: {};
    body: { token: string; password: string; email?: string | undefined; name?: string | undefined };
    answer: { signedIn: boolean };
  };
  'me.get': { path: {}; query: {}; body: undefined; answer: Me };
  'me.sessions': {
    path: {};
    query: {};
    body: undefined;
    answer: { items: Array<{ at: string; lastUsedAt: string; address: string; browser: string; isThis: boolean }> };
  };
  'me.sessions.end': { path: {}; query: {}; body: undefined; answer: undefined };
  'me.password': { path: {}; query: {}; body: { current: string; password: string }; answer: undefined };
  'me.second-factor.propose': { path: {}; query: {}; body: undefined; answer: { secret: string; address: string } };
  'me.second-factor.confirm': {
    path: {};
    query: {};
    body: { secret: string; code: string; password: string };
    answer: { recoveryCodes: Array<string> };
  };
  'me.second-factor.remove': { path: {}; query: {}; body: { password: string }; answer: undefined };
  'members.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<Member>; nextCursor: string | null };
  };
  'members.add': {
    path: { tenantId: string };
    query: {};
    body: { email: string; name: string; role: 'viewer' | 'operator' | 'admin' };
    answer: { id: string; link: PersonLink | null };
  };
  'members.change': {
    path: { tenantId: string; personId: string };
    query: {};
    body: { role: 'viewer' | 'operator' | 'admin' };
    answer: undefined;
  };
  'members.remove': { path: { tenantId: string; personId: string }; query: {}; body: undefined; answer: undefined };
  'people.list': {
    path: {};
    query: { limit?: number; cursor?: string; email?: string };
    body: undefined;
    answer: { items: Array<Person>; nextCursor: string | null };
  };
  'people.add': {
    path: {};
    query: {};
    body: { email: string; name: string; everywhere: 'viewer' | 'operator' | 'admin' };
    answer: { id: string; link: PersonLink };
  };
  'people.change': {
    path: { personId: string };
    query: {};
    body: { name?: string | undefined; everywhere?: 'viewer' | 'operator' | 'admin' | null | undefined; disabled?: boolean | undefined };
    answer: Person;
  };
  'people.link': { path: { personId: string }; query: {}; body: undefined; answer: PersonLink };
  'people.second-factor.remove': { path: { personId: string }; query: {}; body: undefined; answer: undefined };
  'audit.tenant': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; kind?: string; actor?: string; since?: string; until?: string };
    body: undefined;
    answer: { items: Array<AuditEvent>; nextCursor: string | null };
  };
  'audit.relay': {
    path: {};
    query: { limit?: number; cursor?: string; kind?: string; actor?: string; since?: string; until?: string };
    body: undefined;
    answer: { items: Array<AuditEvent>; nextCursor: string | null };
  };
  'audit.anchors.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<AuditAnchor>; nextCursor: string | null };
  };
  'audit.anchors.make': { path: { tenantId: string }; query: {}; body: undefined; answer: AuditAnchor };
  'audit.verification.get': { path: { tenantId: string }; query: {}; body: undefined; answer: AuditVerification };
  'audit.verification.start': { path: { tenantId: string }; query: {}; body: undefined; answer: AuditVerification };
  'retention.get': { path: { tenantId: string }; query: {}; body: undefined; answer: Retention };
  'retention.change': {
    path: { tenantId: string };
    query: {};
    body: { detailDays: number | null; eventDays: number | null; runDays: number | null; webhookDays?: number | null | undefined };
    answer: Retention;
  };
  'alerts.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string; state?: 'open' | 'all' };
    body: undefined;
    answer: { items: Array<Alert>; nextCursor: string | null };
  };
  'alerts.acknowledge': { path: { tenantId: string; alertId: string }; query: {}; body: undefined; answer: Alert };
  'alerts.mute': { path: { tenantId: string; alertId: string }; query: {}; body: { until: string | null }; answer: Alert };
  'alert-rules.list': { path: { tenantId: string }; query: {}; body: undefined; answer: { items: Array<AlertRule> } };
  'alert-rules.change': {
    path: {
      tenantId: string;
      ruleId:
        | 'blocked'
        | 'uncertain'
        | 'backlog'
        | 'waiting'
        | 'tunnel-down'
        | 'connection-halted'
        | 'run-failed'
        | 'nothing-flowed'
        | 'reconciliation'
        | 'webhooks-broken'
        | 'webhooks-refused'
        | 'expiry'
        | 'audit';
    };
    query: {};
    body: {
      enabled?: boolean | undefined;
      settings?: { [name: string]: unknown } | undefined;
      channelIds?: Array<string> | null | undefined;
      mutedUntil?: string | null | undefined;
    };
    answer: AlertRule;
  };
  'alert-settings.get': {
    path: { tenantId: string };
    query: {};
    body: undefined;
    answer: { timeZone: string; quietHours: { from: string; to: string } | null; reminderHours: number | null };
  };
  'alert-settings.change': {
    path: { tenantId: string };
    query: {};
    body: {
      timeZone?: string | undefined;
      quietHours?: { from: string; to: string } | null | undefined;
      reminderHours?: number | null | undefined;
    };
    answer: { timeZone: string; quietHours: { from: string; to: string } | null; reminderHours: number | null };
  };
  'alert-channels.list': {
    path: { tenantId: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: { items: Array<AlertChannel>; nextCursor: string | null };
  };
  'alert-channels.create': {
    path: { tenantId: string };
    query: {};
    body: { kind: 'email' | 'webhook' | 'slack'; name: string; settings: { [name: string]: unknown } };
    answer: AlertChannel;
  };
  'alert-channels.change': {
    path: { tenantId: string; channelId: string };
    query: {};
    body: { name?: string | undefined; enabled?: boolean | undefined; settings?: { [name: string]: unknown } | undefined };
    answer: AlertChannel;
  };
  'alert-channels.delete': { path: { tenantId: string; channelId: string }; query: {}; body: undefined; answer: undefined };
  'alert-channels.test': {
    path: { tenantId: string; channelId: string };
    query: {};
    body: undefined;
    answer: { ok: boolean; problem: { code: string; message: string; fix: string } | null };
  };
}

export const places = {
  'tenants.list': ['GET', '/tenants'],
  'tenants.create': ['POST', '/tenants'],
  'tenants.get': ['GET', '/tenants/{tenantId}'],
  'tenants.rename': ['PATCH', '/tenants/{tenantId}'],
  'sites.list': ['GET', '/tenants/{tenantId}/sites'],
  'sites.create': ['POST', '/tenants/{tenantId}/sites'],
  'sites.get': ['GET', '/tenants/{tenantId}/sites/{siteId}'],
  'sites.rename': ['PATCH', '/tenants/{tenantId}/sites/{siteId}'],
  'enroll-tokens.issue': ['POST', '/tenants/{tenantId}/sites/{siteId}/enroll-tokens'],
  'enroll-tokens.list': ['GET', '/tenants/{tenantId}/sites/{siteId}/enroll-tokens'],
  'agents.list': ['GET', '/tenants/{tenantId}/agents'],
  'agents.get': ['GET', '/tenants/{tenantId}/agents/{agentId}'],
  'agents.revoke': ['POST', '/tenants/{tenantId}/agents/{agentId}/revoke'],
  'agents.systems': ['GET', '/tenants/{tenantId}/agents/{agentId}/systems'],
  'agents.doctor': ['POST', '/tenants/{tenantId}/agents/{agentId}/doctor'],
  'agents.logs': ['GET', '/tenants/{tenantId}/agents/{agentId}/logs'],
  'agents.log-level': ['PUT', '/tenants/{tenantId}/agents/{agentId}/log-level'],
  'connections.list': ['GET', '/tenants/{tenantId}/connections'],
  'connections.create': ['POST', '/tenants/{tenantId}/connections'],
  'connections.get': ['GET', '/tenants/{tenantId}/connections/{connectionId}'],
  'connections.change': ['PATCH', '/tenants/{tenantId}/connections/{connectionId}'],
  'connections.delete': ['DELETE', '/tenants/{tenantId}/connections/{connectionId}'],
  'connections.check': ['POST', '/tenants/{tenantId}/connections/{connectionId}/check'],
  'connections.resume': ['POST', '/tenants/{tenantId}/connections/{connectionId}/resume'],
  'connections.try': ['POST', '/tenants/{tenantId}/connection-trials'],
  'connections.try-change': ['POST', '/tenants/{tenantId}/connections/{connectionId}/try'],
  'connections.credential.get': ['GET', '/tenants/{tenantId}/connections/{connectionId}/credential'],
  'connections.credential.set': ['PUT', '/tenants/{tenantId}/connections/{connectionId}/credential'],
  'connections.sealing-keys.get': ['GET', '/tenants/{tenantId}/connections/{connectionId}/sealing-keys'],
  'connections.sealed-credential.set': ['PUT', '/tenants/{tenantId}/connections/{connectionId}/sealed-credential'],
  'connections.webhooks.get': ['GET', '/tenants/{tenantId}/connections/{connectionId}/webhooks'],
  'connections.webhooks.change': ['PATCH', '/tenants/{tenantId}/connections/{connectionId}/webhooks'],
  'connections.webhooks.rotate-secret': ['POST', '/tenants/{tenantId}/connections/{connectionId}/webhooks/rotate-secret'],
  'connections.blackouts.get': ['GET', '/tenants/{tenantId}/connections/{connectionId}/blackouts'],
  'connections.blackouts.put': ['PUT', '/tenants/{tenantId}/connections/{connectionId}/blackouts'],
  'integrations.list': ['GET', '/tenants/{tenantId}/integrations'],
  'integrations.create': ['POST', '/tenants/{tenantId}/integrations'],
  'integrations.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}'],
  'integrations.rename': ['PATCH', '/tenants/{tenantId}/integrations/{integrationId}'],
  'integrations.pause': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/pause'],
  'integrations.resume': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/resume'],
  'integrations.flows.add': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows'],
  'integrations.flows.change': ['PATCH', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}'],
  'integrations.flows.post-now': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/post-now'],
  'integrations.flows.pause': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/pause'],
  'integrations.flows.resume': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/resume'],
  'close-calendars.list': ['GET', '/tenants/{tenantId}/close-calendars'],
  'close-calendars.create': ['POST', '/tenants/{tenantId}/close-calendars'],
  'close-calendars.get': ['GET', '/tenants/{tenantId}/close-calendars/{calendarId}'],
  'close-calendars.replace': ['PUT', '/tenants/{tenantId}/close-calendars/{calendarId}'],
  'close-calendars.delete': ['DELETE', '/tenants/{tenantId}/close-calendars/{calendarId}'],
  'value-maps.overview': ['GET', '/tenants/{tenantId}/value-maps'],
  'value-maps.released': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/released'],
  'value-maps.list': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/value-maps'],
  'value-maps.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}'],
  'value-maps.entries.put': ['PUT', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/entries'],
  'value-maps.entries.delete': ['DELETE', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/entries'],
  'value-maps.policy': ['PUT', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/policy'],
  'value-maps.refresh': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/refresh'],
  'value-maps.export': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv'],
  'value-maps.import': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv'],
  'value-maps.import.preview': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv/preview'],
  'value-maps.proposals.accept': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/proposals/accept'],
  'overrides.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/overrides'],
  'overrides.save': ['PUT', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/overrides'],
  'overrides.check': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/overrides/check'],
  'overrides.preview': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/overrides/preview'],
  'mapping-versions.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-versions/{version}'],
  'mapping-drafts.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft'],
  'mapping-drafts.save': ['PUT', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft'],
  'mapping-drafts.drop': ['DELETE', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft'],
  'mapping-drafts.compare': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft/compare'],
  'mapping-drafts.promote': ['POST', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft/promote'],
  'dry-runs.start': ['POST', '/tenants/{tenantId}/dry-runs'],
  'dry-runs.list': ['GET', '/tenants/{tenantId}/dry-runs'],
  'dry-runs.get': ['GET', '/tenants/{tenantId}/dry-runs/{dryRunId}'],
  'dry-runs.cancel': ['POST', '/tenants/{tenantId}/dry-runs/{dryRunId}/cancel'],
  'runs.start': ['POST', '/tenants/{tenantId}/runs'],
  'runs.list': ['GET', '/tenants/{tenantId}/runs'],
  'run-requests.list': ['GET', '/tenants/{tenantId}/run-requests'],
  'run-requests.get': ['GET', '/tenants/{tenantId}/run-requests/{requestId}'],
  'run-requests.cancel': ['POST', '/tenants/{tenantId}/run-requests/{requestId}/cancel'],
  'runs.cancel': ['POST', '/tenants/{tenantId}/runs/{runId}/cancel'],
  'runs.get': ['GET', '/tenants/{tenantId}/runs/{runId}'],
  'reconciliations.start': ['POST', '/tenants/{tenantId}/reconciliations'],
  'reconciliations.list': ['GET', '/tenants/{tenantId}/reconciliations'],
  'reconciliations.get': ['GET', '/tenants/{tenantId}/reconciliations/{reconciliationId}'],
  'reconciliations.differences': ['GET', '/tenants/{tenantId}/reconciliations/{reconciliationId}/differences'],
  'reconciliation-plan.get': ['GET', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/reconciliation-plan'],
  'reconciliation-plan.change': ['PUT', '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/reconciliation-plan'],
  'records.causes': ['GET', '/tenants/{tenantId}/records/causes'],
  'records.counts': ['GET', '/tenants/{tenantId}/records/counts'],
  'records.list': ['GET', '/tenants/{tenantId}/records'],
  'records.get': ['GET', '/tenants/{tenantId}/records/{recordId}'],
  'records.unlink': ['DELETE', '/tenants/{tenantId}/records/{recordId}/link'],
  'records.acknowledge': ['POST', '/tenants/{tenantId}/records/{recordId}/acknowledge'],
  'records.replay': ['POST', '/tenants/{tenantId}/records/replay'],
  'replays.preview': ['POST', '/tenants/{tenantId}/replays/preview'],
  'replays.start': ['POST', '/tenants/{tenantId}/replays'],
  'replays.list': ['GET', '/tenants/{tenantId}/replays'],
  'replays.get': ['GET', '/tenants/{tenantId}/replays/{replayId}'],
  'replays.continue': ['POST', '/tenants/{tenantId}/replays/{replayId}/continue'],
  'replays.cancel': ['POST', '/tenants/{tenantId}/replays/{replayId}/cancel'],
  'records.story': ['GET', '/tenants/{tenantId}/records/{recordId}/story'],
  'records.skip': ['POST', '/tenants/{tenantId}/records/skip'],
  'records.approve': ['POST', '/tenants/{tenantId}/records/approve'],
  'records.decide': ['POST', '/tenants/{tenantId}/records/{recordId}/outcome'],
  'overview.get': ['GET', '/tenants/{tenantId}/overview'],
  'overview.flows': ['GET', '/tenants/{tenantId}/overview/flows'],
  'overview.throughput': ['GET', '/tenants/{tenantId}/overview/throughput'],
  'overview.expiries': ['GET', '/tenants/{tenantId}/overview/expiries'],
  'systems.list': ['GET', '/systems'],
  'flows.list': ['GET', '/flows'],
  'states.list': ['GET', '/record-states'],
  'api-tokens.list': ['GET', '/api-tokens'],
  'api-tokens.create': ['POST', '/api-tokens'],
  'api-tokens.revoke': ['DELETE', '/api-tokens/{apiTokenId}'],
  'sign-in-methods.get': ['GET', '/sign-in-methods'],
  'session.begin': ['POST', '/session'],
  'session.end': ['DELETE', '/session'],
  'links.look': ['POST', '/links/look'],
  'links.use': ['POST', '/links/use'],
  'me.get': ['GET', '/me'],
  'me.sessions': ['GET', '/me/sessions'],
  'me.sessions.end': ['DELETE', '/me/sessions'],
  'me.password': ['PUT', '/me/password'],
  'me.second-factor.propose': ['POST', '/me/second-factor'],
  'me.second-factor.confirm': ['PUT', '/me/second-factor'],
  'me.second-factor.remove': ['DELETE', '/me/second-factor'],
  'members.list': ['GET', '/tenants/{tenantId}/people'],
  'members.add': ['POST', '/tenants/{tenantId}/people'],
  'members.change': ['PATCH', '/tenants/{tenantId}/people/{personId}'],
  'members.remove': ['DELETE', '/tenants/{tenantId}/people/{personId}'],
  'people.list': ['GET', '/people'],
  'people.add': ['POST', '/people'],
  'people.change': ['PATCH', '/people/{personId}'],
  'people.link': ['POST', '/people/{personId}/link'],
  'people.second-factor.remove': ['DELETE', '/people/{personId}/second-factor'],
  'audit.tenant': ['GET', '/tenants/{tenantId}/audit'],
  'audit.relay': ['GET', '/audit'],
  'audit.anchors.list': ['GET', '/tenants/{tenantId}/audit/anchors'],
  'audit.anchors.make': ['POST', '/tenants/{tenantId}/audit/anchors'],
  'audit.verification.get': ['GET', '/tenants/{tenantId}/audit/verification'],
  'audit.verification.start': ['POST', '/tenants/{tenantId}/audit/verification'],
  'retention.get': ['GET', '/tenants/{tenantId}/retention'],
  'retention.change': ['PUT', '/tenants/{tenantId}/retention'],
  'alerts.list': ['GET', '/tenants/{tenantId}/alerts'],
  'alerts.acknowledge': ['POST', '/tenants/{tenantId}/alerts/{alertId}/acknowledge'],
  'alerts.mute': ['POST', '/tenants/{tenantId}/alerts/{alertId}/mute'],
  'alert-rules.list': ['GET', '/tenants/{tenantId}/alert-rules'],
  'alert-rules.change': ['PATCH', '/tenants/{tenantId}/alert-rules/{ruleId}'],
  'alert-settings.get': ['GET', '/tenants/{tenantId}/alert-settings'],
  'alert-settings.change': ['PUT', '/tenants/{tenantId}/alert-settings'],
  'alert-channels.list': ['GET', '/tenants/{tenantId}/alert-channels'],
  'alert-channels.create': ['POST', '/tenants/{tenantId}/alert-channels'],
  'alert-channels.change': ['PATCH', '/tenants/{tenantId}/alert-channels/{channelId}'],
  'alert-channels.delete': ['DELETE', '/tenants/{tenantId}/alert-channels/{channelId}'],
  'alert-channels.test': ['POST', '/tenants/{tenantId}/alert-channels/{channelId}/test'],
} as const;
