/** Field overrides, shadow mappings, dry runs. */
export type MappingTables = object;
