import { attentionOf, type Known } from './attention.ts';

const nothing: Known = { connections: [], causes: [], alerts: [], agents: [] };

const cause = {
  id: 'cause_0123456789abcdef',
  integrationId: 'int_1',
  flowId: 'sap-vendors-to-cin7-suppliers',
  code: 'TARGET_REFUSED',
  message: 'the name is too long',
  missing: null,
  records: 3,
  oldestAt: '2026-03-01T10:00:00.000Z',
  examples: [],
  fix: 'Shorten it.',
  frees: '',
};
const agent = {
  id: 'agt_1',
  siteId: 'sit_1',
  name: 'SAP-GW 北京',
  version: '0.1.0',
  machine: 'SAP-GW (win32)',
  enrolledAt: '2026-03-01T10:00:00.000Z',
  revokedAt: null,
  lastSeenAt: null,
  session: null,
};

test('nothing needs a person while everything repairs itself', () => {
  const connected = { connectedAt: '', peer: '', systems: [], roundTripMs: 1, callsInFlight: 0, isDraining: false };
  expect(
    attentionOf({
      ...nothing,
      causes: [
        { ...cause, states: { failed: 3 } },
        { ...cause, states: { waiting: 9 } },
      ],
      agents: [
        { ...agent, session: connected },
        { ...agent, revokedAt: '2026-03-02T10:00:00.000Z' },
      ],
    }),
  ).toEqual([]);
});

test.each([
  ['blocked', { states: { blocked: 3 } }, '3 records blocked: the name is too long', /^\/records\?state=blocked&/],
  ['uncertain', { states: { uncertain: 1 } }, '1 record uncertain: the name is too long', /^\/records\?state=uncertain&/],
  [
    'too old',
    { code: 'BUSINESS_AGE', states: { waiting: 2 } },
    '2 records to be approved: the name is too long',
    /^\/records\?state=waiting&/,
  ],
  [
    'missing entries lead to the value map',
    {
      states: { blocked: 3 },
      missing: { valueMapId: 'payment-terms', codes: ['ZB30', 'ZB60', 'Z/1', 'Z2'].map((code) => ({ code, records: 1 })) },
    },
    '3 records blocked: payment-terms has no entry for ZB30, ZB60, Z/1 and 1 more',
    /^\/mappings\/int_1\/payment-terms$/,
  ],
])('a cause: %s', (_what, news, title, to) => {
  expect(attentionOf({ ...nothing, causes: [{ ...cause, ...news }] })).toMatchObject([
    { title, to: expect.stringMatching(to), fix: 'Shorten it.' },
  ]);
});

test('what is halted or cut off comes first; alerts about the same things are not shown a second time', () => {
  const alert = {
    id: 'alt_1',
    severity: 'warning',
    title: 'Run failed',
    since: '2026-03-01T10:00:00.000Z',
    records: null,
    example: null,
    fix: '',
    link: '/runs/run_1',
    openedAt: '',
    updatedAt: '',
    closedAt: null,
    notifiedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgedByName: null,
    mutedUntil: null,
  };
  const halt = { code: 'SIGN_IN_REFUSED', message: 'the key is wrong', fix: 'Enter the key.', at: '2026-03-01T10:00:00.000Z' };
  const items = attentionOf({
    connections: [
      { id: 'con_1', name: 'Cin7', halt },
      { id: 'con_2', name: 'SAP PRD', halt: null },
    ],
    causes: [{ ...cause, states: { blocked: 1 } }],
    alerts: [
      { ...alert, rule: 'run-failed' },
      { ...alert, rule: 'tunnel-down' },
      { ...alert, rule: 'expiry', acknowledgedAt: '2026-03-01T10:00:00.000Z' },
    ],
    agents: [agent],
  });
  expect(items.map(({ to }) => to.split('?')[0])).toEqual(['/connections/con_1', '/agents/agt_1', '/records', '/runs/run_1']);
});

test('an agent that another one of its site stands in for is a warning only', () => {
  const other = {
    ...agent,
    id: 'agt_2',
    session: { connectedAt: '', peer: '', systems: [], roundTripMs: 1, callsInFlight: 0, isDraining: false },
  };
  expect(attentionOf({ ...nothing, agents: [agent, other] })).toMatchObject([{ severity: 'warning', to: '/agents/agt_1' }]);
  expect(attentionOf({ ...nothing, agents: [agent, { ...other, siteId: 'sit_2' }] })).toMatchObject([{ severity: 'critical' }]);
});
