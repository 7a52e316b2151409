import { Anchor, Button, Group, Stack } from '@mantine/core';
import { Link, useParams } from 'wouter';
import { useAction, useApi } from '../../api/index.ts';
import { Loading, PageHead, ProblemView, useNames, useWho } from '../../shell/index.ts';
import { EntriesTable } from './entries-table.tsx';
import { ImportDialog } from './import-dialog.tsx';
import './mappings.css';
import { MissingEntries } from './missing-entries.tsx';
import { PolicyForm } from './policy-form.tsx';
import { Proposals } from './proposals.tsx';
import { Released } from './released.tsx';
import { useMapPath, useReleases } from './use-change.ts';

/** One value map: what is missing, what is proposed, what there is, and what happens to the rest. */
export function ValueMapPage() {
  const { integrationId = '', valueMapId = '' } = useParams();
  const { may } = useWho();
  const names = useNames();
  const path = useMapPath(integrationId, valueMapId);
  const found = useApi('value-maps.get', { path }, { everyMs: 15_000 });
  const refresh = useAction('value-maps.refresh');
  const { release, keep, forget } = useReleases();
  if (found.error && !found.data) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return <Loading />;
  const map = found.data;
  const above = (
    <Group gap={6} fz="sm">
      <Anchor component={Link} href="/mappings" inherit>
        Mappings
      </Anchor>
      <span aria-hidden>›</span>
      <Anchor component={Link} href={`/integrations/${integrationId}`} inherit>
        {names.integration(integrationId)}
      </Anchor>
    </Group>
  );
  return (
    <Stack>
      <PageHead title={map.title} lead={`${map.from} → ${map.to}`} above={above}>
        {may('operator') && (
          <Button
            variant="default"
            size="xs"
            loading={refresh.isPending}
            onClick={() => refresh.mutate({ path })}
            title="Reads the codes and names of both systems anew, and proposes pairs"
          >
            Refresh codes
          </Button>
        )}
        {may('operator') && <ImportDialog path={path} onReleased={keep} />}
        <Button component="a" variant="default" size="xs" href={csvAddress(path)} download={`${valueMapId}.csv`}>
          Export
        </Button>
      </PageHead>
      {refresh.error && <ProblemView problem={refresh.error.problem} />}
      {found.error && <ProblemView problem={found.error.problem} />}
      {release && <Released path={path} release={release} onClose={forget} />}
      <MissingEntries map={map} path={path} onReleased={keep} />
      <Proposals map={map} path={path} onReleased={keep} />
      <EntriesTable map={map} path={path} onReleased={keep} />
      <PolicyForm map={map} path={path} onReleased={keep} />
    </Stack>
  );
}

function csvAddress({ tenantId, integrationId, valueMapId }: { tenantId: string; integrationId: string; valueMapId: string }): string {
  return `/api/v1/tenants/${tenantId}/integrations/${integrationId}/value-maps/${valueMapId}/csv?separator=semicolon`;
}
