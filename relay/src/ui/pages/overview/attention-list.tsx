import { Box, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { Section, Signal, Time } from '../../shell/index.ts';
import type { Attention } from './attention.ts';
import './overview.css';

const shownAtFirst = 8;

/** What needs a person now; each line leads to the place that fixes it. */
export function AttentionList({ items }: { items: Attention[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, shownAtFirst);
  return (
    <Section title="What needs a person now">
      {items.length === 0 && <Signal light="good">Nothing. What stands still repairs itself.</Signal>}
      <Box component="ul" className="plain-list">
        {shown.map((item) => (
          <li key={item.id}>
            <Line {...item} />
          </li>
        ))}
      </Box>
      {items.length > shown.length && (
        <UnstyledButton onClick={() => setWhole(true)} c="anchor" fz="sm">
          {items.length - shown.length} more
        </UnstyledButton>
      )}
    </Section>
  );
}

function Line({ severity, title, fix, to, since }: Attention) {
  return (
    <Link href={to} className="attention">
      <Stack gap={2} className="attention-words">
        <Signal light={severity === 'critical' ? 'bad' : 'warning'}>
          <Text span fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Text>
        </Signal>
        {fix !== '' && (
          <Text size="sm" c="dimmed" pl={15} style={{ overflowWrap: 'anywhere' }}>
            {fix}
          </Text>
        )}
      </Stack>
      <Group gap="xs" wrap="nowrap" c="dimmed" fz="xs">
        {since !== null && <Time at={since} ago />}
        <span aria-hidden>›</span>
      </Group>
    </Link>
  );
}
