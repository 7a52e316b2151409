import { Button } from '@mantine/core';
import type { Pages } from '../api/index.ts';

/** Below a list that has further pages. */
export function MoreButton({
  pages: { hasMore, isLoadingMore, loadMore },
}: {
  pages: Pick<Pages<unknown>, 'hasMore' | 'isLoadingMore' | 'loadMore'>;
}) {
  if (!hasMore) return null;
  return (
    <Button variant="default" size="xs" loading={isLoadingMore} onClick={loadMore} style={{ alignSelf: 'center' }}>
      Show more
    </Button>
  );
}
