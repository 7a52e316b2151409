import { Button, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages, type ItemOf, type PersonLink } from '../../api/index.ts';
import { ConfirmButton, Empty, FormProblem, Loading, MoreButton, ProblemView, Section, Time, useWho } from '../../shell/index.ts';
import { NewMember } from './new-member.tsx';
import { PersonLinkShown } from './person-link.tsx';
import { RoleSelect } from './role-select.tsx';

type Member = ItemOf<'members.list'>;

/** Who has a role in this tenant. */
export function Members() {
  const { tenantId, tenantName } = useWho();
  const members = usePages('members.list', { path: { tenantId }, query: { limit: 100 } });
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<{ email: string; link: PersonLink | null }>();
  const { items, error } = members;
  return (
    <Section
      title={`People of ${tenantName}`}
      lead="Administrators of the whole relay have their role here as well, and stand under All accounts."
      actions={!isAdding && <Button onClick={() => setIsAdding(true)}>Add somebody</Button>}
    >
      {isAdding && (
        <NewMember
          onClose={() => setIsAdding(false)}
          onMade={(news) => {
            setMade(news);
            setIsAdding(false);
          }}
        />
      )}
      {made?.link && <PersonLinkShown email={made.email} link={made.link} onDone={() => setMade(undefined)} />}
      {made && !made.link && <Text component="output">{made.email} had an account already, and has the role now.</Text>}
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && <Empty title="Nobody yet">Add the first person of this tenant.</Empty>}
      {items && items.length > 0 && (
        <Stack>
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>E-mail address</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Last signed in</Table.Th>
                  <Table.Th aria-label="Remove" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((member) => (
                  <MemberRow key={member.id} member={member} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <MoreButton pages={members} />
        </Stack>
      )}
    </Section>
  );
}

function MemberRow({ member: { id: personId, name, email, role, lastSignedInAt } }: { member: Member }) {
  const { tenantId, tenantName } = useWho();
  const change = useAction('members.change');
  const remove = useAction('members.remove');
  const path = { tenantId, personId };
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>{email}</Table.Td>
      <Table.Td>
        <RoleSelect
          value={role}
          onChange={(chosen) => chosen && chosen !== role && change.mutate({ path, body: { role: chosen } })}
          disabled={change.isPending}
          size="xs"
          aria-label={`Role of ${name}`}
        />
        <FormProblem problem={change.error?.problem} />
      </Table.Td>
      <Table.Td>{lastSignedInAt ? <Time at={lastSignedInAt} ago /> : 'never'}</Table.Td>
      <Table.Td ta="right">
        <ConfirmButton
          label="Remove"
          about={`Remove ${name}`}
          question={`Remove ${name} from ${tenantName}?`}
          onConfirm={() => remove.mutateAsync({ path })}
        >
          {email} does not see this tenant any more. The account stays, with its roles elsewhere.
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}
