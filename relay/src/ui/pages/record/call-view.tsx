import { Badge, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { JsonView } from '../../shell/index.ts';
import type { CallData, CallError, Explanation } from './story.ts';

/** One call: what was asked, what came back, the messages of SAP as a table. */
export function CallView({ call }: { call: CallData }) {
  const { request, answer, error, what = '' } = call;
  const isRfc = what.startsWith('RFC ');
  const messages = messagesOf(answer);
  return (
    <Stack gap="xs">
      {error && <ErrorView error={error} />}
      {messages.length > 0 && <Messages messages={messages} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xs">
        {request !== undefined && <Part title={isRfc ? 'Import and tables' : 'Request'} value={request} />}
        {answer !== undefined && <Part title={isRfc ? 'Export and tables' : 'Answer'} value={answer} />}
      </SimpleGrid>
    </Stack>
  );
}

export function ErrorView({ error: { code, message, fix, verdict } }: { error: CallError }) {
  return (
    <div>
      <Text size="sm" c="red.9" darkHidden>
        {message}
      </Text>
      <Text size="sm" c="red.4" lightHidden>
        {message}
      </Text>
      {fix && <Text size="sm">→ {fix}</Text>}
      <Text size="xs" c="dimmed">
        {[code, verdict].filter(Boolean).join(' · ')}
      </Text>
    </div>
  );
}

/** What the target's own message means, in plain words. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const rows = [
    [explanation.message, explanation.meaning],
    ['Usual cause', explanation.cause],
    ['Who repairs it', explanation.who],
    ['Where', explanation.transaction],
    ['Does trying again help?', explanation.retryHelps],
  ];
  return (
    <Table fz="sm" verticalSpacing={4} withTableBorder>
      <Table.Tbody>
        {rows.map(([name, text]) => (
          <Table.Tr key={name}>
            <Table.Th w={180}>{name}</Table.Th>
            <Table.Td>{text}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600}>
        {title}
      </Text>
      <JsonView value={value} label={title} />
    </div>
  );
}

interface Message {
  type: string;
  number: string;
  text: string;
}

const colours: Record<string, string> = { E: 'red', A: 'red', X: 'red', W: 'yellow', S: 'teal', I: 'gray' };

function Messages({ messages }: { messages: readonly Message[] }) {
  return (
    <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Messages">
      {messages.map(({ type, number, text }, place) => (
        <Group component="li" key={`${place} ${number}`} gap="xs" wrap="nowrap" align="flex-start">
          <Badge size="sm" color={colours[type] ?? 'gray'} variant="light">
            {type || '?'}
          </Badge>
          <Text size="xs" ff="monospace" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {number}
          </Text>
          <Text size="sm">{text}</Text>
        </Group>
      ))}
    </Stack>
  );
}

/** RETURN is a table in most BAPIs, a structure in some. */
function messagesOf(answer: unknown): Message[] {
  const found = (answer as { RETURN?: unknown } | null | undefined)?.RETURN;
  const rows = Array.isArray(found) ? found : found ? [found] : [];
  return (rows as Record<string, unknown>[]).flatMap((row) => {
    const text = textOf(row['MESSAGE'] ?? row['message']);
    const number = [row['ID'] ?? row['id'], row['NUMBER'] ?? row['number']].map(textOf).join(' ').trim();
    return text === '' && number === '' ? [] : [{ type: textOf(row['TYPE'] ?? row['type']), number, text }];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
