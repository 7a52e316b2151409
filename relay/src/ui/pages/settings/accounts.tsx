import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages, type ItemOf, type PersonLink } from '../../api/index.ts';
import { ConfirmButton, FormProblem, Loading, MoreButton, ProblemView, Section, Time, useWho } from '../../shell/index.ts';
import { NewAccount } from './new-account.tsx';
import { PersonLinkShown } from './person-link.tsx';
import { RoleSelect } from './role-select.tsx';

type Account = ItemOf<'people.list'>;
type Shown = { email: string; link: PersonLink };

/** All accounts of the relay, for its administrators. */
export function Accounts() {
  const accounts = usePages('people.list', { query: { limit: 100 } });
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<Shown>();
  const { items, error } = accounts;
  return (
    <Section
      title="All accounts"
      lead="A role here is held in all tenants and for the relay itself. Roles in one tenant are given under People."
      actions={!isAdding && <Button onClick={() => setIsAdding(true)}>Add an account</Button>}
    >
      {isAdding && (
        <NewAccount
          onClose={() => setIsAdding(false)}
          onMade={(news) => {
            setMade(news);
            setIsAdding(false);
          }}
        />
      )}
      {made && <PersonLinkShown {...made} onDone={() => setMade(undefined)} />}
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items && (
        <>
          <Table.ScrollContainer minWidth={860}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Role everywhere</Table.Th>
                  <Table.Th>Signs in with</Table.Th>
                  <Table.Th>Last signed in</Table.Th>
                  <Table.Th aria-label="Actions" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((account) => (
                  <AccountRow key={account.id} account={account} onLink={setMade} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <MoreButton pages={accounts} />
        </>
      )}
    </Section>
  );
}

function AccountRow({ account, onLink }: { account: Account; onLink: (shown: Shown) => void }) {
  const { id: personId, name, email, everywhere, hasPassword, hasSecondFactor, disabledAt, lastSignedInAt } = account;
  const isOwn = useWho().email === email;
  const change = useAction('people.change');
  const link = useAction('people.link');
  const removeFactor = useAction('people.second-factor.remove');
  const path = { personId };
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" component="div">
          {name} {isOwn && <Badge tt="none">you</Badge>}
          {disabledAt && (
            <Badge color="red" variant="light" tt="none">
              disabled
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          {email}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleSelect
          value={everywhere}
          none="none"
          onChange={(role) => role !== everywhere && change.mutate({ path, body: { everywhere: role } })}
          disabled={isOwn || change.isPending}
          size="xs"
          aria-label={`Role of ${name} everywhere`}
        />
        <FormProblem problem={change.error?.problem ?? link.error?.problem} />
      </Table.Td>
      <Table.Td>{hasPassword ? (hasSecondFactor ? 'password and code' : 'password') : 'not yet set'}</Table.Td>
      <Table.Td>{lastSignedInAt ? <Time at={lastSignedInAt} ago /> : 'never'}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {!isOwn && (
            <ConfirmButton
              label="New link"
              about={`New link for ${name}`}
              question={`Make a link for ${name}?`}
              isDangerous={false}
              onConfirm={async () => onLink({ email, link: await link.mutateAsync({ path }) })}
            >
              It sets a new password. The present one stays good until the link is used; earlier links are void.
            </ConfirmButton>
          )}
          {hasSecondFactor && !isOwn && (
            <ConfirmButton
              label="Remove second factor"
              about={`Remove the second factor of ${name}`}
              question={`Remove the second factor of ${name}?`}
              onConfirm={() => removeFactor.mutateAsync({ path })}
            >
              For somebody who lost phone and recovery codes. Make sure that it is {name} who asks: afterwards the password alone opens the
              account.
            </ConfirmButton>
          )}
          {!isOwn && (
            <ConfirmButton
              label={disabledAt ? 'Enable' : 'Disable'}
              about={`${disabledAt ? 'Enable' : 'Disable'} ${name}`}
              question={`${disabledAt ? 'Enable' : 'Disable'} the account of ${name}?`}
              isDangerous={!disabledAt}
              onConfirm={() => change.mutateAsync({ path, body: { disabled: !disabledAt } })}
            >
              {disabledAt ? `${name} can sign in again, with the same roles.` : `${name} is signed out at once and cannot sign in.`}
            </ConfirmButton>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
