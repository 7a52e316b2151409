/** `errors` of v3 by field, with the status. */
export interface BatchError {
  sku: string;
  message: string;
}

/**
 * The words of an error in any of the store's forms (facts/bigcommerce.md 4): v2's array of `{status, message}`, v3's object with `title` and
 * `errors`, either of them wrapped in `data` or in `errors`, or plain text. `""` for a web page and where nothing is said.
 */
export function saidBy(json: unknown, text: string): string {
  const words = json === undefined ? (text.trim().startsWith('<') ? [] : [text.trim().slice(0, 300)]) : wordsOf(json);
  const said = [...new Set(words.map(onOneLine).filter((word) => word !== ''))].join('; ');
  return said.length <= longestSaying ? said : `${said.slice(0, longestSaying)}...`;
}

const longestSaying = 1000;

/** It stands in messages, on terminals and in mails. */
function onOneLine(word: string): string {
  return word
    .slice(0, longestSaying)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
}

/** The rows a price list refused, undefined where the answer is none of that kind. A row without a SKU has `""`. */
export function batchErrors(json: unknown): BatchError[] | undefined {
  const list = isObject(json) ? json['batch_errors'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return (list as unknown[]).filter(isObject).map((one) => {
    const { sku } = isObject(one['data']) ? one['data'] : {};
    const message = fieldErrors(one['field_errors'] ?? one['errors'])
      .map(onOneLine)
      .join('; ')
      .slice(0, longestSaying);
    return { sku: typeof sku === 'string' ? sku : '', message: message || 'refused' };
  });
}

function wordsOf(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  if (Array.isArray(json)) return (json as unknown[]).flatMap(wordsOf);
  if (!isObject(json)) return [];
  const { title, message, detail, details, error, errors, data } = json;
  const batch = batchErrors(json)?.map(({ sku, message: said }) => `${sku}: ${said}`) ?? [];
  const nested = isObject(error) ? wordsOf(error) : [];
  const own = [title, message, detail, error].filter((one) => typeof one === 'string');
  const wrapped = Array.isArray(data) ? (data as unknown[]).filter(isError).flatMap(wordsOf) : [];
  const fields = Array.isArray(errors) ? (errors as unknown[]).flatMap(wordsOf) : fieldErrors(errors);
  return [...own, ...nested, ...fields, ...(typeof details === 'string' ? [details] : fieldErrors(details)), ...batch, ...wrapped];
}

/** `destination: error.path.missing.` */
function fieldErrors(errors: unknown): string[] {
  if (!isObject(errors)) return [];
  return Object.entries(errors).map(([field, said]) => `${field}: ${typeof said === 'string' ? said : JSON.stringify(said)}`);
}

/** Rows of a good answer carry no error words. */
function isError(row: unknown): boolean {
  return isObject(row) && ('error' in row || ('status' in row && ('title' in row || 'message' in row)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
