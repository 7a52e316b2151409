import { fit, oneLine } from '../texts/index.ts';

/** As SAP takes it: one line without control characters, cut between characters. */
export function shortText(text: string, longest: number): string {
  const line = oneLine(oneLine(text).replaceAll(/\p{Cc}/gu, ''));
  return fit(line, { field: 'text', longest }, []);
}
