import { Stack } from '@mantine/core';
import { useState } from 'react';
import { usePages, type AuditEvent, type Pages } from '../../api/index.ts';
import { Empty, Loading, MoreButton, ProblemView, useWho } from '../../shell/index.ts';
import { ChangeTable } from './change-table.tsx';
import { FilterBar, noFilter, queryOf, type Filter } from './filter-bar.tsx';

/** Changes of the tenant, or those that belong to none: accounts, tenants, sign-ins. */
export function Changes({ of }: { of: 'tenant' | 'relay' }) {
  const [filter, setFilter] = useState<Filter>(noFilter);
  const changes = useChanges(of, filter);
  const { items, error } = changes;
  const isFiltered = Object.values(filter).some((value) => value !== '');
  return (
    <Stack gap="sm">
      <FilterBar of={of} filter={filter} onChange={setFilter} />
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && <Empty title={isFiltered ? 'Nothing fits' : 'Nothing was changed yet'} />}
      {items && items.length > 0 && <ChangeTable changes={items} onActor={(actor) => setFilter({ ...filter, actor })} />}
      <MoreButton pages={changes} />
    </Stack>
  );
}

function useChanges(of: 'tenant' | 'relay', filter: Filter): Pages<AuditEvent> {
  const { tenantId } = useWho();
  const query = { limit: 100, ...queryOf(filter) };
  const tenant = usePages('audit.tenant', { path: { tenantId }, query }, { enabled: of === 'tenant' });
  const relay = usePages('audit.relay', { query }, { enabled: of === 'relay' });
  return of === 'tenant' ? tenant : relay;
}
