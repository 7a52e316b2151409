import { Table, type TableProps } from '@mantine/core';

/** A table that scrolls sideways, also by keyboard, where the screen is narrower than it can be read. `about` names it. */
export function WideTable({ minWidth, about, ...table }: TableProps & { minWidth: number; about: string }) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': about, role: 'region' } }}>
      <Table verticalSpacing={6} aria-label={about} {...table} />
    </Table.ScrollContainer>
  );
}
