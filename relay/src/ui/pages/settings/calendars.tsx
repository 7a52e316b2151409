import { Badge, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages, type CloseCalendar } from '../../api/index.ts';
import { ConfirmButton, Empty, Loading, MoreButton, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { CalendarForm } from './calendar-form.tsx';
import { entryWords } from './calendar-words.ts';

/** When nothing is posted, and which business days are closed. */
export function Calendars() {
  const { tenantId, may } = useWho();
  const calendars = usePages('close-calendars.list', { path: { tenantId }, query: { limit: 100 } });
  const [isAdding, setIsAdding] = useState(false);
  const { items, error } = calendars;
  return (
    <Section
      title="Close calendars"
      lead="While books are being closed nothing is posted, or documents of closed days wait. Reading goes on."
      actions={may('operator') && !isAdding && <Button onClick={() => setIsAdding(true)}>Add a calendar</Button>}
    >
      {isAdding && <CalendarForm onClose={() => setIsAdding(false)} />}
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && !isAdding && <Empty title="No calendars">Everything is posted when its time comes.</Empty>}
      {items?.map((calendar) => (
        <CalendarCard key={calendar.id} calendar={calendar} />
      ))}
      <MoreButton pages={calendars} />
    </Section>
  );
}

function CalendarCard({ calendar }: { calendar: CloseCalendar }) {
  const { tenantId, may } = useWho();
  const names = useNames();
  const [isEditing, setIsEditing] = useState(false);
  const remove = useAction('close-calendars.delete');
  const { id: calendarId, name, timeZone, integrationId, flowIds, entries } = calendar;
  return (
    <Paper withBorder p="sm" component="article" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={3}>{name}</Title>
            <Text size="sm" c="dimmed">
              {integrationId ? names.integration(integrationId) : 'All integrations'},{' '}
              {flowIds ? flowIds.map((flowId) => names.flow(flowId)).join(', ') : 'all flows'}, {timeZone}
            </Text>
          </div>
          {may('operator') && (
            <Group gap="xs">
              <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={() => setIsEditing(!isEditing)}>
                Change
              </Button>
              <ConfirmButton
                label="Delete"
                about={`Delete ${name}`}
                question={`Delete the calendar “${name}”?`}
                onConfirm={() => remove.mutateAsync({ path: { tenantId, calendarId } })}
              >
                What it held back goes out at once.
              </ConfirmButton>
            </Group>
          )}
        </Group>
        {isEditing ? (
          <CalendarForm calendar={calendar} onClose={() => setIsEditing(false)} />
        ) : (
          <List size="sm" listStyleType="none">
            {entries.length === 0 && <List.Item>Nothing entered yet.</List.Item>}
            {entries.map((entry) => (
              <List.Item key={JSON.stringify(entry)}>
                <Badge variant="light" tt="none" color={entry.kind === 'freeze' ? 'orange' : 'indigo'}>
                  {entry.kind === 'freeze' ? 'nothing is posted' : 'days closed'}
                </Badge>{' '}
                {entryWords(entry)}
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Paper>
  );
}
