import { NumberInput, SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { ConfirmButton, faultOf, FormProblem, useWho } from '../../shell/index.ts';

const fields = [
  { name: 'detailDays', label: 'Payloads and calls', description: 'What calls sent and got' },
  { name: 'eventDays', label: 'Trails', description: 'Of versions that are not the newest' },
  { name: 'runDays', label: 'Runs', description: 'That brought no record' },
  { name: 'webhookDays', label: 'Webhook events', description: 'That were looked at' },
] as const;
type Days = Record<(typeof fields)[number]['name'], number | null>;

/** Days for each kind; empty keeps it for ever. What is removed does not come back, so saving asks first. */
export function RetentionForm({ days: present }: { days: Days }) {
  const { tenantId, may } = useWho();
  const [days, setDays] = useState(present);
  const change = useAction('retention.change');
  const problem = change.error?.problem;
  const isChanged = fields.some(({ name }) => days[name] !== present[name]);
  const removesMore = fields.some(({ name }) => (days[name] ?? Infinity) < (present[name] ?? Infinity));
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {fields.map(({ name, label, description }) => (
          <NumberInput
            key={name}
            label={label}
            description={description}
            placeholder="for ever"
            suffix=" days"
            min={1}
            max={36_500}
            allowDecimal={false}
            allowNegative={false}
            value={days[name] ?? ''}
            onChange={(value) => setDays({ ...days, [name]: value === '' ? null : Number(value) })}
            error={faultOf(problem, name)}
            readOnly={!may('admin')}
          />
        ))}
      </SimpleGrid>
      <FormProblem problem={problem} fields={fields.map(({ name }) => name)} />
      {may('admin') && (
        <ConfirmButton
          label="Save"
          size="sm"
          disabled={!isChanged}
          question="Change how long things are kept?"
          isDangerous={removesMore}
          onConfirm={() => change.mutateAsync({ path: { tenantId }, body: days })}
          style={{ alignSelf: 'flex-start' }}
        >
          {removesMore
            ? 'What is older is removed within the hour, and cannot be brought back.'
            : 'Nothing is removed that would have stayed.'}
        </ConfirmButton>
      )}
    </>
  );
}
