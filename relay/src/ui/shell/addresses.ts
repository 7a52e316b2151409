/** Page of a value map of an integration; `code`: the entry that is wanted there. */
export function valueMapAddress({ integrationId, valueMapId, code }: { integrationId: string; valueMapId: string; code?: string }): string {
  const query = code === undefined ? '' : `?${new URLSearchParams({ code }).toString()}`;
  return `/mappings/${encodeURIComponent(integrationId)}/${encodeURIComponent(valueMapId)}${query}`;
}
