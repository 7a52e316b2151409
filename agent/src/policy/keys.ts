import { jdePresets, sapPresets } from '@ml-connector/shared';
import { z } from 'zod';

const presetsByLabel: Record<string, object> = { SAP: sapPresets, 'JD Edwards': jdePresets };

/** Presets of one kind of system; those of another kind are refused with a hint. */
export function presetList<Name extends string>(
  presets: Readonly<Record<Name, object>>,
): z.ZodDefault<z.ZodArray<z.ZodEnum<Record<Name, Name>>>> {
  const names = Object.keys(presets) as Name[];
  const own = Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>;
  return z
    .array(z.enum(own, { error: ({ input }) => presetOfOthers(input, names) }))
    .default([])
    .describe('Flows whose needs are allowed as a whole; `ml-agent policy presets` lists what each one means');
}

function presetOfOthers(name: unknown, own: readonly string[]): string | undefined {
  const [label] = Object.entries(presetsByLabel).find(([, presets]) => typeof name === 'string' && Object.hasOwn(presets, name)) ?? [];
  return label && `is a preset for ${label} systems; this system knows ${own.join(', ')}`;
}

/** A key that another kind of system has; the sentence tells what this one has in its place. */
export function keyOfOthers(sentence: string): z.ZodOptional<z.ZodNever> {
  return z.never(sentence).optional();
}
