/** One field of a system's settings, as its form needs it. */
export interface SettingField {
  name: string;
  /** `callsPerMinute` as people say it: Calls per minute. */
  label: string;
  help: string;
  kind: 'text' | 'secret' | 'number' | 'choice' | 'switch';
  choices: string[];
  isRequired: boolean;
  /** Used where nothing is entered. */
  fallback: string;
}

interface Schema {
  type?: unknown;
  description?: unknown;
  default?: unknown;
  enum?: unknown;
}

/** Fields of a form from the JSON Schema of a system: what must be given first. */
export function settingFields(schema: Record<string, unknown>, secrets: readonly string[]): SettingField[] {
  const required = new Set(schema['required'] as string[] | undefined);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const fields = properties.map(([name, field]): SettingField => {
    const choices = Array.isArray(field.enum) ? field.enum.map(String) : [];
    return {
      name,
      label: labelOf(name),
      help: typeof field.description === 'string' ? field.description : '',
      kind: secrets.includes(name) ? 'secret' : choices.length > 0 ? 'choice' : kindOf(field.type),
      choices,
      isRequired: required.has(name),
      fallback: textOf(field.default),
    };
  });
  return [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)];
}

/** What was typed, as the API takes it; null takes an optional field away. */
export function typedSetting({ kind }: SettingField, text: string): unknown {
  if (text === '') return null;
  if (kind === 'switch') return text === 'true';
  if (kind !== 'number') return text;
  const number = Number(text);
  // The relay says what is wrong with it.
  return Number.isNaN(number) ? text : number;
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function kindOf(type: unknown): SettingField['kind'] {
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'switch' : 'text';
}

function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replaceAll(/\b(id|url|api)\b/gi, (word) => word.toUpperCase());
}
