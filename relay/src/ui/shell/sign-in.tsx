import { Center, Paper, Text, Title } from '@mantine/core';

export function SignIn() {
  return (
    <Center mih="100vh">
      <Paper withBorder p="xl" w={380}>
        <Title order={1}>ml-relay</Title>
        <Text c="dimmed">Sign in to go on.</Text>
      </Paper>
    </Center>
  );
}
