import { openEvaluator, type Evaluator } from './evaluator.ts';
import { closeOverrides } from './evaluators.ts';
import { applyOverrides, compileOverrides, overrideFaults, type FieldOverride } from './overrides.ts';

const payload = { vendor: { names: ["O'Brien & Söhne", '漢字'], terms: 'Z030', amount: '1190.50' } };
const body = {
  Name: "O'Brien",
  Amount: '1190.50',
  Days: 30,
  IsActive: true,
  Addresses: [{ Line1: 'Hauptstraße 1', Line2: '' }],
  Lines: [
    { Reference: 'A', Amount: '0.10' },
    { Reference: 'B', Amount: '0.20' },
  ],
};
const tables = [
  { id: 'terms', missing: 'block' as const, defaultCode: null, entries: { Z030: '30 days' } },
  { id: 'countries', missing: 'pass' as const, defaultCode: null, entries: {} },
  { id: 'groups', missing: 'default' as const, defaultCode: 'Other', entries: {} },
];

let evaluator: Evaluator;
beforeAll(() => {
  evaluator = openEvaluator({ fieldMs: 300, recordMs: 1000, memoryMb: 64 });
});
afterAll(async () => {
  await evaluator[Symbol.asyncDispose]();
  await closeOverrides();
});

function apply(overrides: FieldOverride[], more: { body?: unknown; at?: string } = {}) {
  const compiled = compileOverrides(overrides, { version: JSON.stringify(overrides), tenantId: 'ten_1', tables });
  if (!compiled) throw new Error('nothing to apply');
  return applyOverrides(compiled, { payload, settings: { prefix: 'SAP' }, body, ...more }, evaluator);
}

test.each([
  ['a text', 'Name', 'payload.vendor.names[1] & " (" & settings.prefix & ")"', { Name: '漢字 (SAP)' }],
  ['from what the flow made', 'Name', '$uppercase(body.Name)', { Name: "O'BRIEN" }],
  ['a code by a value map', 'Name', "$lookup('terms', payload.vendor.terms)", { Name: '30 days' }],
  ['a code that passes', 'Name', "$lookup('countries', 'DE')", { Name: 'DE' }],
  ['the default of a map', 'Name', "$lookup('groups', 'X1')", { Name: 'Other' }],
  ['the first of several codes', 'Name', "$lookup('terms', '1000/Z030', 'Z030')", { Name: '30 days' }],
  ["JSONata's own lookup", 'Name', "$lookup(payload.vendor, 'terms')", { Name: 'Z030' }],
  ['a whole map at hand', 'Name', 'lookup.terms.Z030', { Name: '30 days' }],
  ['a field in a list', 'Addresses[0].Line2', '"c/o " & body.Name', { Addresses: [{ Line1: 'Hauptstraße 1', Line2: "c/o O'Brien" }] }],
  ['a number for a number', 'Days', 'body.Days + 14', { Days: 44 }],
  ['a field the flow leaves out', 'Fax', '"+49 30"', { Fax: '+49 30' }],
  ['nothing leaves it as it is', 'Name', 'payload.vendor.nickname', { Name: "O'Brien" }],
  [
    'every entry of a list',
    'Lines[*].Reference',
    'item.Reference & "-" & index & "/" & $count(body.Lines)',
    {
      Lines: [
        { Reference: 'A-0/2', Amount: '0.10' },
        { Reference: 'B-1/2', Amount: '0.20' },
      ],
    },
  ],
  ['what is not there is not made', 'Addresses[1].Line2', '"second"', {}],
])('%s', async (_what, path, expression, change) => {
  const { body: after, reasons } = await apply([{ path, expression }]);
  expect(reasons).toEqual([]);
  expect(after).toEqual({ ...body, ...change });
});

test('every override sees the body as the flow made it, which itself stays untouched', async () => {
  const before = structuredClone(body);
  const { body: after } = await apply([
    { path: 'Name', expression: '"A"' },
    { path: 'Amount', expression: 'body.Name' },
  ]);
  expect(after).toMatchObject({ Name: 'A', Amount: "O'Brien" });
  expect(body).toEqual(before);
});

test('paths begin in the part of the body that the flow names; a body without it has nothing to override', async () => {
  const override = [{ path: 'Name', expression: 'body.Name & "!"' }];
  expect((await apply(override, { body: { action: 'upsert', supplier: { Name: 'A' } }, at: 'supplier' })).body).toEqual({
    action: 'upsert',
    supplier: { Name: 'A!' },
  });
  expect((await apply(override, { body: { action: 'deprecate' }, at: 'supplier' })).body).toEqual({ action: 'deprecate' });
});

test.each([
  [
    'a number for an amount',
    'Amount',
    '$number(payload.vendor.amount) * 2',
    'OVERRIDE_RESULT_INVALID',
    /override of Amount gives a number where a text/,
  ],
  ['a number for a new field', 'Discount', '19.9', 'OVERRIDE_RESULT_INVALID', /override of Discount gives a number/],
  ['a text for a number', 'Days', '"30"', 'OVERRIDE_RESULT_INVALID', /gives a text where a number belongs/],
  ['null for a text', 'Name', 'null', 'OVERRIDE_RESULT_INVALID', /gives null where a text belongs/],
  ['a list', 'Name', 'payload.vendor.names', 'OVERRIDE_RESULT_INVALID', /gives a list/],
  ['a group of fields', 'Addresses', '"x"', 'OVERRIDE_RESULT_INVALID', /name one of its fields/],
  ['a text without end', 'Name', '$pad("x", 40000)', 'OVERRIDE_RESULT_INVALID', /40000 characters/],
  ['a failing function', 'Name', '$number("12a")', 'OVERRIDE_FAILED', /override of Name failed: Unable to cast/],
  ['an unknown map', 'Name', "$lookup('colours', 'red')", 'OVERRIDE_FAILED', /no value map colours; it has terms, countries, groups/],
  ['its own error', 'Name', '$error("no name in SAP")', 'OVERRIDE_FAILED', /no name in SAP/],
  ['recursion without end', 'Name', '($f := function($n){ 1 + $f($n) }; $string($f(1)))', 'OVERRIDE_FAILED', /override of Name failed/],
  ['a loop without end', 'Name', '($f := function($n){ $f($n + 1) }; $f(1))', 'OVERRIDE_TOO_LONG', /override of Name .*timeout/],
])('%s blocks the record and names the field', async (_what, path, expression, code, message) => {
  const { body: after, reasons } = await apply([{ path, expression }]);
  expect(reasons).toEqual([{ code, message: expect.stringMatching(message) as string }]);
  expect(after).toBe(body);
});

test('a missing entry is told with its map, so that the record goes out once it exists', async () => {
  const { reasons } = await apply([{ path: 'Name', expression: "$lookup('terms', 'Z999')" }]);
  expect(reasons).toMatchObject([{ code: 'VALUE_MAP_MISSING', missing: { valueMapId: 'terms', code: 'Z999' } }]);
});

test.each([
  ['a pattern that backtracks for ever', '$contains($pad("", 60, "a") & "b", /^(a+)+$/)'],
  ['a text larger than the memory', '$length($pad("x", 500000000) & "y")'],
  ['a large text in another form', '$base64encode($pad("x", 300000000))'],
  ['memory without end', '($s := $pad("x", 1000000); $map([1..90000], function($i){ $s & $i & $uppercase($s) }))'],
])('%s is stopped, and the next record goes on', async (_what, expression) => {
  const { reasons } = await apply([{ path: 'Name', expression }]);
  expect(reasons).toMatchObject([{ code: 'OVERRIDE_TOO_LONG', message: expect.stringMatching(/override of Name/) as string }]);
  expect((await apply([{ path: 'Name', expression: '"fine"' }])).body).toMatchObject({ Name: 'fine' });
});

test('among several, the one that runs away is named', async () => {
  const { reasons } = await apply([
    { path: 'Name', expression: '"fine"' },
    { path: 'Fax', expression: '$contains($pad("", 60, "a") & "b", /^(a+)+$/)' },
  ]);
  expect(reasons).toMatchObject([{ code: 'OVERRIDE_TOO_LONG', message: expect.stringMatching(/override of Fax was stopped/) as string }]);
});

test('nothing outside the record is within reach', async () => {
  for (const expression of ['process.env', 'constructor', 'body.constructor.name', '$globalThis', '__proto__.polluted']) {
    const { body: after } = await apply([{ path: 'Name', expression }]);
    expect(after).toEqual(body);
  }
});

test.each([
  ['a function', '$lookup([$uppercase], "implementation")'],
  ['a function of its own', '$lookup([function($x){ $x }], "environment").lookup'],
  ['what a pattern found', '$lookup([/a/("a").next], "prototype")'],
])('%s cannot be taken apart by looking its fields up', async (_what, expression) => {
  expect((await apply([{ path: 'Name', expression: `$type(${expression})` }])).body).toEqual(body);
});

test.each(['$error($pad("x", 1000000))', '$lookup("terms", $pad("x", 1000000))'])('%s is told in few words', async (expression) => {
  const { reasons } = await apply([{ path: 'Name', expression }]);
  expect(JSON.stringify(reasons).length).toBeLessThan(3000);
});

test("a slow expression of one tenant does not hold up another tenant's", async () => {
  const applyFor = async (tenantId: string, expression: string): Promise<string> => {
    const compiled = compileOverrides([{ path: 'Name', expression }], { version: expression, tenantId, tables });
    if (!compiled) throw new Error('nothing to apply');
    const { body: after } = await applyOverrides(compiled, { payload, settings: {}, body });
    ended.push(tenantId);
    return (after as typeof body).Name;
  };
  const ended: string[] = [];
  const slow = applyFor('ten_1', '($f := function($n){ $f($n + 1) }; $f(1))');
  expect(await applyFor('ten_2', '"fine"')).toBe('fine');
  expect(await slow).toBe(body.Name);
  expect(ended).toEqual(['ten_2', 'ten_1']);
});

test('records asked for at once are answered each with its own', async () => {
  const names = ['Ä', 'Б', '漢'].map((name) => apply([{ path: 'Name', expression: 'body.Name & "+"' }], { body: { Name: name } }));
  expect((await Promise.all(names)).map((one) => one.body)).toEqual([{ Name: 'Ä+' }, { Name: 'Б+' }, { Name: '漢+' }]);
});

test.each([
  ['a path into nowhere', { path: 'Name.', expression: '1' }, 'overrides.0.path', /must be written like/],
  ['a list as a whole', { path: 'Lines[*]', expression: '1' }, 'overrides.0.path', /must end with the name of a field/],
  ['the machinery of the language', { path: '__proto__.x', expression: '1' }, 'overrides.0.path', /must be written like/],
  ['no expression', { path: 'Name', expression: ' ' }, 'overrides.0.expression', /is empty/],
  ['half an expression', { path: 'Name', expression: 'body.(' }, 'overrides.0.expression', /is no JSONata expression: .*at character/],
  ['the time of day', { path: 'Name', expression: '$string($now())' }, 'overrides.0.expression', /must not use \$now/],
  ['chance', { path: 'Name', expression: '[1,2].($random())' }, 'overrides.0.expression', /must not use \$random/],
  ['a way around', { path: 'Name', expression: '$eval("$n" & "ow()")' }, 'overrides.0.expression', /must not use \$eval/],
])('%s is refused before it is saved', (_what, override, path, message) => {
  expect(overrideFaults([override])).toEqual([{ path, message: expect.stringMatching(message) as string }]);
});

test('a field is overridden once only', () => {
  const twice = [
    { path: 'Name', expression: '"a"' },
    { path: 'Name', expression: '"b"' },
  ];
  expect(overrideFaults(twice)).toMatchObject([{ path: 'overrides.1.path' }]);
});

test('without overrides there is nothing to apply', () => {
  expect(compileOverrides([], { version: 'v', tenantId: 'ten_1', tables: [] })).toBeUndefined();
});
