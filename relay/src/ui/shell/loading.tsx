import { Center, Loader } from '@mantine/core';

export function Loading() {
  return (
    <Center component="output" display="flex" h="40vh" aria-label="Loading">
      <Loader />
    </Center>
  );
}
