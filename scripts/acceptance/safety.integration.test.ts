import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { agentBundle, connectedAgent, sapName, startChild, vendorFlow, waitFor } from '../landscape/index.ts';
import { openScene, type Scene } from './scene.ts';

interface Halt {
  code: string;
  message: string;
  fix: string;
}

async function haltOf({ landscape, customer }: Scene): Promise<Halt | undefined> {
  const { halt } = await landscape.relay.api.get<{ halt: Halt | null }>(`${customer.path}/connections/${customer.sapConnectionId}`);
  return halt ?? undefined;
}

const failedLogons = async ({ landscape }: Scene): Promise<number> =>
  (await landscape.sap.control.call('user-state', { name: 'ML_AGENT' })).failedLogons;

/** Asks for a run again and again, also by way of the halt's end, as an impatient person would. */
async function insist({ landscape, customer }: Scene): Promise<void> {
  const { api } = landscape.relay;
  await api.post(`${customer.path}/connections/${customer.sapConnectionId}/check`);
  await api.post(`${customer.path}/connections/${customer.sapConnectionId}/resume`);
  await api.post(`${customer.path}/runs`, { integrationId: customer.integrationId, flowId: vendorFlow });
}

test('a wrong SAP password costs the user one attempt, whatever is tried afterwards; the right one lets everything flow', async () => {
  await using scene = await openScene({ vendors: 40, sapPassword: 'Falsch!23', everySeconds: 1 });
  const { landscape, customer } = scene;
  await scene.start();
  const halt = await waitFor('the halt', () => haltOf(scene));
  expect(halt).toMatchObject({ code: 'SAP_LOGON_REFUSED', message: expect.stringContaining('password is incorrect') as string });
  expect(halt.fix).toMatch(/SU01/);
  expect(await failedLogons(scene)).toBe(1);

  for (const _again of [1, 2, 3]) {
    await insist(scene);
    await waitFor('the next halt', () => haltOf(scene));
  }
  await landscape.agent.running?.stop();
  landscape.own(landscape.agent.start());
  await connectedAgent(landscape, customer.path);
  await insist(scene);
  const later = await waitFor('the halt after the restart', () => haltOf(scene));
  expect(later.message).toContain('it is not tried again, so that the user is not locked');
  expect(await failedLogons(scene)).toBe(1);

  const password = landscape.sap.connectionParameters['passwd'];
  await landscape.relay.api.put(`${customer.path}/connections/${customer.sapConnectionId}/credential`, { password });
  expect(await scene.settled()).toEqual({ succeeded: 40 });
  expect(await haltOf(scene)).toBeUndefined();
  expect(await landscape.sap.control.call('user-state', { name: 'ML_AGENT' })).toEqual({ failedLogons: 0, isLocked: false });
  expect(await scene.deviations()).toEqual([]);
});

test('what agent.yaml does not allow is denied by name on both sides, and flows once it is allowed', async () => {
  await using scene = await openScene({ vendors: 10, policy: { [sapName]: {} } });
  await scene.start();
  const run = await waitFor('the run to fail', async () => (await scene.runs()).find(({ state }) => state === 'failed'));
  expect(run.problem).toMatchObject({ code: 'POLICY_DENIED' });
  expect(run.problem?.message).toMatch(/not allowed by the agent's policy: table \w+: the table is not listed/);
  expect(run.problem?.fix).toMatch(/agent.yaml:\npolicy:\n {2}PRD:\n {4}tables:/);
  const audit = path.join(scene.landscape.agent.dataDir, 'audit');
  const lines = readdirSync(audit).flatMap((file) => readFileSync(path.join(audit, file), 'utf8').trimEnd().split('\n'));
  const denied = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ decision }) => decision === 'denied');
  expect(denied).toContainEqual(expect.objectContaining({ outcome: 'refused', rule: expect.stringContaining('missing') as string }));
  expect(await scene.landscape.cin7.suppliers()).toEqual([]);

  const { agent } = scene.landscape;
  const settings = parse(readFileSync(agent.configFile, 'utf8')) as object;
  writeFileSync(agent.configFile, stringify({ ...settings, policy: { [sapName]: { presets: [vendorFlow] } } }));
  await agent.command(['policy', 'reload']);
  await scene.run();
  expect(await scene.deviations()).toEqual([]);
});

test('a revoked agent is cut off at once, ends with one clear line, and comes back never', async () => {
  await using scene = await openScene({ vendors: 40 });
  const { landscape, customer } = scene;
  const agent = landscape.agent.running;
  const asked = performance.now();
  await landscape.relay.api.post(`${customer.path}/agents/${customer.agentId}/revoke`);
  expect(await agent?.ended).toEqual({ code: 78, signal: null });
  expect(performance.now() - asked).toBeLessThan(3000);
  expect(agent?.output.filter((line) => !line.startsWith('  ->'))).toEqual([expect.stringMatching(/^ml-agent: .*\(REVOKED\)$/)]);

  const again = landscape.own(landscape.agent.start());
  expect(await again.ended).toEqual({ code: 78, signal: null });
  expect(again.output[0]).toMatch(/REVOKED/);
  await scene.start();
  const run = await waitFor('the run to fail', async () => (await scene.runs()).find(({ state }) => state === 'failed'));
  expect(run.problem).toMatchObject({ code: 'NO_TUNNEL' });
});

test('a second agent on the same identity folder is refused, and the first one goes on', async () => {
  await using scene = await openScene({ vendors: 20 });
  const { agent } = scene.landscape;
  const second = startChild({
    name: 'second agent',
    args: [agentBundle, '--config', agent.configFile, '--data-dir', agent.dataDir, 'run'],
  });
  expect(await second.ended).toMatchObject({ code: 1 });
  expect(second.output[0]).toMatch(new RegExp(`process id ${agent.running?.pid}.*ALREADY_RUNNING`));
  expect(await scene.load()).toEqual({ succeeded: 20 });
});
