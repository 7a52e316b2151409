import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SystemError } from '@ml-connector/shared';
import { addSapMessages, explainSapMessage, sentenceOf } from './explain.ts';
import stock from './messages.json' with { type: 'json' };
import { explainedSapError, sapMessagesOf } from './sap-error.ts';
import type { KnownSapMessage } from './types.ts';

const messages = stock as KnownSapMessage[];

test('every message is described whole and once, in words that need no SAP', () => {
  expect(messages.length).toBeGreaterThanOrEqual(60);
  expect(new Set(messages.map(({ message }) => message)).size).toBe(messages.length);
  for (const { message, meaning, cause, who, retryHelps, error = 'SAP_X' } of messages) {
    expect(message).toMatch(/^[A-Z0-9&]+ \d{3}$/);
    expect([meaning, cause, who].every((text) => text.length > 2 && !/[.\s]$/.test(text))).toBe(true);
    expect(['yes', 'after the repair', 'no']).toContain(retryHelps);
    expect(error).toMatch(/^SAP_[A-Z_]+$/);
  }
});

test('only locks are tried again by themselves', () => {
  const again = messages.filter(({ retryHelps }) => retryHelps === 'yes');
  expect(again.every(({ error }) => error === 'SAP_LOCKED')).toBe(true);
  expect(messages.filter(({ error }) => error === 'SAP_LOCKED')).toEqual(again);
});

test.each([
  [{ ID: 'F5', NUMBER: '201' }, 'The posting period is not open'],
  [{ ID: 'f5 ', NUMBER: '201' }, 'The posting period is not open'],
  [{ ID: 'RW', NUMBER: '22' }, 'Debits and credits of the document differ'],
  [{ ID: 'ZZ', NUMBER: '001' }, undefined],
])('%j is explained', (message, meaning) => {
  expect(explainSapMessage(message)?.meaning).toBe(meaning);
});

test("a customer's own descriptions come before ours; a file that is not right is refused by name", () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sap-messages-')), 'own.json');
  const own = { message: 'ZFI 001', meaning: 'Shop orders need a segment', cause: 'Validation of Gdańsk', who: 'SSC Gdańsk' };
  writeFileSync(file, JSON.stringify([own, { ...own, message: 'F5 083', error: 'SAP_OWN' }]));
  addSapMessages(file);
  const explanation = explainSapMessage({ ID: 'ZFI', NUMBER: '001' });
  expect(explanation && sentenceOf(explanation)).toBe(
    'Shop orders need a segment. Validation of Gdańsk. To be repaired by: SSC Gdańsk. Then try again.',
  );
  const facts = { messages: [{ TYPE: 'E', ID: 'F5', NUMBER: '083', MESSAGE: 'no' }] };
  expect(explainedSapError(new SystemError('SAP_RETURN_ERROR', 'refused', 'x', { facts }), 'posting').code).toBe('SAP_OWN');
  writeFileSync(file, JSON.stringify([{ ...own, message: 'ZFI001' }]));
  expect(() => addSapMessages(file)).toThrow(/own\.json.*needs message class and number/s);
});

test('a file as people write it: a class in small letters, the mark of an editor in front; what is no JSON is refused by name', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sap-messages-')), 'own.json');
  const own = { message: 'zsd 7', meaning: 'Zażółć', cause: 'x', who: 'y' };
  expect(() => {
    writeFileSync(file, '[{]');
    addSapMessages(file);
  }).toThrow(/own\.json/);
  writeFileSync(file, `\uFEFF${JSON.stringify([{ ...own, message: 'zsd 007' }])}`);
  addSapMessages(file);
  expect(explainSapMessage({ ID: 'ZSD', NUMBER: '007' })?.meaning).toBe('Zażółć');
});

test('words with line breaks or marks of direction, which end in mails and on terminals, are refused', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sap-messages-')), 'own.json');
  const own = { message: 'ZSD 008', meaning: 'ok\u001b[2J', cause: '\u202Ex', who: 'y\r\nBcc: z' };
  writeFileSync(file, JSON.stringify([own]));
  expect(() => addSapMessages(file)).toThrow(/own\.json/);
});

const period = { TYPE: 'E', ID: 'F5', NUMBER: '201', MESSAGE: 'Posting period 001 2024 is not open' };

test('the explanation stands in the error by its parts', () => {
  const error = new SystemError('SAP_RETURN_ERROR', 'refused', 'x', { facts: { messages: [period] } });
  expect(explainedSapError(error, 'posting BC-1').facts).toMatchObject({
    messages: [period],
    explanation: { message: 'F5 201', meaning: 'The posting period is not open', who: 'Finance', retryHelps: 'after the repair' },
  });
});

test('a message that ended the function is read as well as those of RETURN', () => {
  const facts = { code: 4, abapMsgClass: 'F5', abapMsgType: 'E', abapMsgNumber: '201', message: 'Posting period 001 2024 is not open' };
  const error = new SystemError('SAP_MESSAGE', 'refused', 'x', { facts });
  expect(sapMessagesOf(error)).toEqual([period]);
  expect(explainedSapError(error, 'posting BC-1')).toMatchObject({ code: 'SAP_PERIOD_CLOSED', verdict: 'refused' });
});

test.each([
  ['a lost answer', new SystemError('SAP_UPDATE_FAILED', 'uncertain', 'x', { facts: { messages: [period] } })],
  ['what the policy denied', new SystemError('POLICY_DENIED', 'refused', 'x')],
  ['a halted connection', new SystemError('SAP_LOGON_REFUSED', 'halt', 'x')],
])('%s is passed on as it is', (_what, error) => {
  expect(explainedSapError(error, 'posting BC-1')).toBe(error);
});

test('many messages are told shortly, and all stay in the facts', () => {
  const texts = Array.from({ length: 9 }, (_, at) => ({ TYPE: 'E', ID: 'ZZ', NUMBER: `00${at}`, MESSAGE: `Item ${at} is wrong` }));
  const error = explainedSapError(new SystemError('SAP_RETURN_ERROR', 'refused', 'x', { facts: { messages: texts } }), 'posting BC-1');
  expect(error.message).toBe(
    'posting BC-1: SAP says Item 0 is wrong (ZZ 000); Item 1 is wrong (ZZ 001); Item 2 is wrong (ZZ 002); and 6 more',
  );
  expect(error.facts?.['messages']).toEqual(texts);
});
