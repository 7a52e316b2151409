import { Avatar, Group, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden, type MantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ApiProblem } from '../api/index.ts';
import { leave } from './use-me.ts';
import { useWho } from './who.tsx';

const schemes: { value: MantineColorScheme; label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
];

/** Who is signed in; the own account, light or dark, and the way out. */
export function PersonMenu() {
  const { name, email } = useWho();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const end = useMutation<void, ApiProblem>({ mutationFn: leave });
  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <UnstyledButton>
          <Group gap="xs" wrap="nowrap">
            <Avatar size={32} name={name} color="initials" alt="" aria-hidden />
            <VisuallyHidden>Account of {name}</VisuallyHidden>
            <Text size="sm" visibleFrom="md" maw={160} truncate aria-hidden>
              {name}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="bright" truncate>
            {name}
          </Text>
          {email && (
            <Text size="xs" truncate>
              {email}
            </Text>
          )}
        </Menu.Label>
        <Menu.Item component={Link} href="/account">
          Your account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? <span aria-hidden>✓</span> : null}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => end.mutate()} closeMenuOnClick={false} disabled={end.isPending}>
          Sign out
        </Menu.Item>
        {end.error && (
          <Menu.Label role="alert" c="red">
            {end.error.problem.detail}
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
