import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApi, type Agent, type Site } from '../../api/index.ts';
import { Empty, Loading, PageHead, ProblemView, useWho } from '../../shell/index.ts';
import { EnrolButton } from './enrol-button.tsx';
import { SiteList } from './site-list.tsx';

/** Sites and their agents, live. */
export function TunnelsPage() {
  const { tenantId, may } = useWho();
  const path = { tenantId };
  const sites = useApi('sites.list', { path, query: { limit: 500 } }, { everyMs: 15_000 });
  const agents = useApi('agents.list', { path, query: { limit: 500 } }, { everyMs: 3000 });
  const [words, setWords] = useState('');
  const [state, setState] = useState<Shown>('all');
  const failed = sites.error ?? agents.error;
  if (failed && !(sites.data && agents.data)) return <ProblemView problem={failed.problem} />;
  if (!sites.data || !agents.data) return <Loading />;

  const enrolled = agents.data.items.filter(({ revokedAt }) => revokedAt === null);
  const up = enrolled.filter(({ session }) => session !== null);
  const shown = matching({ sites: sites.data.items, agents: agents.data.items, words, state });
  return (
    <Stack>
      <PageHead title="Tunnels" lead={`${up.length} of ${enrolled.length} agents are connected, at ${sites.data.items.length} sites.`}>
        {may('admin') && <EnrolButton sites={sites.data.items} />}
      </PageHead>
      {failed && <ProblemView problem={failed.problem} />}
      {sites.data.items.length === 0 ? (
        <Empty title="No site yet">
          A site is a place in your network, such as a plant. Its agent connects to this relay from there.
          {may('admin') ? ' Begin with “Enrol an agent”.' : ' An administrator enrols it.'}
        </Empty>
      ) : (
        <>
          <Group gap="sm">
            <TextInput
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              placeholder="Site, agent or machine"
              aria-label="Filter sites and agents"
              flex={1}
              miw={220}
              maw={360}
            />
            <SegmentedControl
              data={[
                { value: 'all', label: 'All' },
                { value: 'down', label: 'Not connected' },
                { value: 'revoked', label: 'Revoked' },
              ]}
              value={state}
              onChange={(value) => setState(value)}
              aria-label="Agents shown"
            />
          </Group>
          {shown.length === 0 ? <Empty title="Nothing fits the filter" /> : <SiteList sites={shown} />}
        </>
      )}
    </Stack>
  );
}

type Shown = 'all' | 'down' | 'revoked';

export interface SiteWithAgents {
  site: Site;
  agents: Agent[];
}

function matching({ sites, agents, words, state }: { sites: Site[]; agents: Agent[]; words: string; state: Shown }): SiteWithAgents[] {
  const wanted = words.trim().toLowerCase();
  const fits = (text: string) => text.toLowerCase().includes(wanted);
  return sites
    .map((site) => ({
      site,
      agents: agents.filter(
        (agent) => agent.siteId === site.id && isShown(agent, state) && (fits(site.name) || fits(agent.name) || fits(agent.machine)),
      ),
    }))
    .filter((one) => one.agents.length > 0 || (state === 'all' && fits(one.site.name)));
}

function isShown({ session, revokedAt }: Agent, state: Shown): boolean {
  if (state === 'revoked') return revokedAt !== null;
  return revokedAt === null && (state === 'all' || session === null);
}
