import { Badge, Button, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages, type ItemOf } from '../../api/index.ts';
import { ConfirmButton, Empty, Loading, MoreButton, ProblemView, Section, ShownOnce, Time, useWho } from '../../shell/index.ts';
import { NewToken } from './new-token.tsx';

type Token = ItemOf<'api-tokens.list'>;

/** Tokens of programs for this tenant, and those for all tenants where one may see them. */
export function Tokens() {
  const { tenantId } = useWho();
  const tokens = usePages('api-tokens.list', { query: { limit: 100 } });
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string }>();
  const items = tokens.items?.filter((token) => token.tenantId === tenantId || token.tenantId === null);
  return (
    <Section
      title="API tokens"
      lead="For programs and scripts, sent as Authorization: Bearer. What they do stands in the audit trail under their name."
      actions={!isAdding && <Button onClick={() => setIsAdding(true)}>Make a token</Button>}
    >
      {isAdding && (
        <NewToken
          onClose={() => setIsAdding(false)}
          onMade={(news) => {
            setMade(news);
            setIsAdding(false);
          }}
        />
      )}
      {made && (
        <ShownOnce title={`Token “${made.name}”`} text={made.token} onDone={() => setMade(undefined)}>
          Put it where the program keeps its secrets. It is not shown again.
        </ShownOnce>
      )}
      {tokens.error && !items && <ProblemView problem={tokens.error.problem} />}
      {!items && !tokens.error && <Loading />}
      {items?.length === 0 && <Empty title="No tokens">Programs that use the API need one each.</Empty>}
      {items && items.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th>Ends</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th aria-label="Revoke" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton pages={tokens} />
    </Section>
  );
}

function TokenRow({ token: { id, name, tenantId, role, createdAt, expiresAt, revokedAt, lastUsedAt } }: { token: Token }) {
  const revoke = useAction('api-tokens.revoke');
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        {role}
        <Text size="xs" c="dimmed">
          {tenantId === null ? 'in all tenants' : 'in this tenant'}
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Table.Td>{expiresAt ? <Time at={expiresAt} ago /> : 'never'}</Table.Td>
      <Table.Td>{lastUsedAt ? <Time at={lastUsedAt} ago /> : 'never'}</Table.Td>
      <Table.Td ta="right">
        {revokedAt ? (
          <Badge color="gray" variant="light" tt="none">
            revoked <Time at={revokedAt} ago />
          </Badge>
        ) : (
          <ConfirmButton
            label="Revoke"
            about={`Revoke ${name}`}
            question={`Revoke the token “${name}”?`}
            onConfirm={() => revoke.mutateAsync({ path: { apiTokenId: id } })}
          >
            What uses it is refused from now on. This cannot be undone; make a new token instead.
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
