import { Badge, Table, Text } from '@mantine/core';
import { useAction, useApi } from '../../api/index.ts';
import { ConfirmButton, Loading, ProblemView, Section, Time } from '../../shell/index.ts';
import { browserWords } from './browser-words.ts';

/** Where one is signed in, to notice what was somebody else. */
export function Sessions() {
  const sessions = useApi('me.sessions');
  const end = useAction('me.sessions.end');
  const items = sessions.data?.items;
  const hasOthers = items?.some(({ isThis }) => !isThis) ?? false;
  return (
    <Section
      title="Signed in at"
      lead="Anything that you do not know? Sign out everywhere else, and change the password."
      actions={
        hasOthers && (
          <ConfirmButton label="Sign out everywhere else" question="Sign out everywhere else?" onConfirm={() => end.mutateAsync({})}>
            Your other browsers have to sign in again. This one stays.
          </ConfirmButton>
        )
      }
    >
      {sessions.error && !items && <ProblemView problem={sessions.error.problem} />}
      {!items && !sessions.error && <Loading />}
      {items && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Browser</Table.Th>
                <Table.Th>Address</Table.Th>
                <Table.Th>Since</Table.Th>
                <Table.Th>Last used</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ at, lastUsedAt, address, browser, isThis }) => (
                <Table.Tr key={`${at} ${address} ${browser}`}>
                  <Table.Td>
                    <Text size="sm" title={browser} span>
                      {browserWords(browser)}
                    </Text>{' '}
                    {isThis && (
                      <Badge variant="light" tt="none">
                        this one
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td>{address}</Table.Td>
                  <Table.Td>
                    <Time at={at} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={lastUsedAt} ago />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
