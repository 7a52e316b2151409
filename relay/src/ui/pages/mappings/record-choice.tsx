import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useApi } from '../../api/index.ts';
import type { FlowPath } from './overrides-page.tsx';

/** One of the flow's records, found by any id or name; the newest are offered first. */
export function RecordChoice({
  path: { tenantId, integrationId, flowId },
  recordId,
  onChoose,
}: {
  path: FlowPath;
  recordId: string | null;
  onChoose: (recordId: string | null) => void;
}) {
  const [words, setWords] = useState('');
  const [q] = useDebouncedValue(words.trim(), 250);
  const [chosen, setChosen] = useState<string>();
  const query = { integrationId, flowId, limit: 20, ...(q === '' || q === chosen ? {} : { q }) };
  const records = useApi('records.list', { path: { tenantId }, query }).data?.items ?? [];
  const options = records.map(({ id, label, key, version }) => ({ value: id, label: `${label} (${key}, version ${version})` }));
  return (
    <Select
      label="Record"
      placeholder="Any id of either side, or a name"
      data={options}
      value={recordId}
      onChange={(id, option) => {
        setChosen(option?.label);
        onChoose(id);
      }}
      searchable
      searchValue={words}
      onSearchChange={setWords}
      filter={({ options: all }) => all}
      nothingFoundMessage="No record of this flow"
      clearable
      clearButtonProps={{ 'aria-label': 'Choose no record' }}
      flex="1 1 20rem"
    />
  );
}
