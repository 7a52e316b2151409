import { SystemError } from '@ml-connector/shared';
import type { Cin7Supplier, Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import { jdeSupplierWords } from '../jde-suppliers-to-cin7-suppliers/words.ts';
import { sapVendorWords } from '../sap-vendors-to-cin7-suppliers/words.ts';
import { inWords, type SupplierPost } from './find.ts';
import { postSupplier } from './post.ts';
import { probeSupplier } from './probe.ts';
import { fakeCin7, type FakeCin7 } from './testing/fake-cin7.ts';
import { acmeBody, sources } from './testing/samples.ts';

interface Acme {
  number: string;
  more: Partial<Cin7SupplierBody>;
}

interface Options {
  rules?: Partial<SupplierPost['rules']>;
  link?: string;
  attempt?: number;
  owners?: Record<string, string>;
}

describe.each(sources)('%s', (_source, { words, numberOf }) => {
  const acme = (digits: string, more: Partial<Cin7SupplierBody> = {}): Acme => ({ number: numberOf(digits), more });
  const mark = (digits: string): string => words.comment(numberOf(digits));
  const first = acme('1');
  const second = acme('2');

  function input(cin7: FakeCin7, { number, more }: Acme, { rules = {}, link, attempt = 1, owners = {} }: Options = {}): SupplierPost {
    return {
      words,
      rules: { nameCollision: 'suffix', adopt: 'when-tax-number-matches', ...rules },
      record: { id: `r-${number}`, key: number, label: 'Acme GmbH', attempt },
      body: acmeBody(words, number, more),
      link: link ? { targetId: link, targetHash: null } : undefined,
      target: cin7.session,
      scope: { signal: new AbortController().signal, context: {}, trace: () => undefined },
      ownerOf: (targetId) => Promise.resolve(owners[targetId]),
    };
  }

  const names = (cin7: FakeCin7): string[] => [...cin7.suppliers.values()].map(({ Name }) => Name);
  const foreign = (more: Partial<Cin7Supplier>): Partial<Cin7Supplier> => ({
    Name: 'ACME GMBH',
    PaymentTerm: 'COD',
    Comments: 'call before delivery',
    ...more,
  });

  test('a vendor nobody knows is created after one look', async () => {
    const cin7 = fakeCin7();
    expect(await postSupplier(input(cin7, first))).toEqual({ targetId: 's1', targetLabel: 'Acme GmbH', action: 'created' });
    expect(cin7.calls).toEqual(['find Acme GmbH', 'create Acme GmbH']);
  });

  test('a supplier that carries the number is updated, never created again', async () => {
    const cin7 = fakeCin7([foreign({ Comments: mark('1') })]);
    expect(await postSupplier(input(cin7, first))).toMatchObject({ targetId: 's1', action: 'updated' });
    expect(names(cin7)).toEqual(['Acme GmbH']);
  });

  test('the number in the first attribute counts, when the set is ours', async () => {
    const cin7 = fakeCin7([foreign({ AttributeSet: 'SAP', AdditionalAttribute1: words.attribute(first.number) })]);
    expect(await postSupplier(input(cin7, first, { rules: { attributeSet: 'SAP' } }))).toMatchObject({ targetId: 's1' });
  });

  test('two vendors with one name get two suppliers, and stay with them', async () => {
    const cin7 = fakeCin7();
    await postSupplier(input(cin7, first));
    await postSupplier(input(cin7, second));
    expect(names(cin7)).toEqual(['Acme GmbH', 'Acme GmbH [2]']);
    await postSupplier(input(cin7, second, { link: 's2' }));
    await postSupplier(input(cin7, first, { link: 's1' }));
    await postSupplier(input(cin7, second));
    await postSupplier(input(cin7, first));
    expect(names(cin7)).toEqual(['Acme GmbH', 'Acme GmbH [2]']);
  });

  test('two vendors with one name at the same moment: the one that came first has the plain name', async () => {
    const cin7 = fakeCin7();
    cin7.before = () => new Promise((resolve) => void setImmediate(resolve));
    const results = await Promise.all([first, second, acme('3')].map((one) => postSupplier(input(cin7, one))));
    expect(results.map(({ targetLabel }) => targetLabel)).toEqual(['Acme GmbH', 'Acme GmbH [2]', 'Acme GmbH [3]']);
  });

  test('a vendor that is stopped while it waits for the name does nothing, and lets nobody pass', async () => {
    const cin7 = fakeCin7();
    const { promise: go, resolve: proceed } = Promise.withResolvers<void>();
    cin7.before = (call) => (call === 'create Acme GmbH' ? go : undefined);
    const stop = new AbortController();
    const waiting = input(cin7, second);
    const results = Promise.allSettled([
      postSupplier(input(cin7, first)),
      postSupplier({ ...waiting, scope: { ...waiting.scope, signal: stop.signal } }),
      postSupplier(input(cin7, acme('3'))),
    ]);
    stop.abort(new Error('relay is stopping'));
    proceed();
    expect(await results).toMatchObject([
      { value: { targetLabel: 'Acme GmbH' } },
      { reason: { code: 'SUPPLIER_NAME_BUSY', verdict: 'retry' } },
      { value: { targetLabel: 'Acme GmbH [3]' } },
    ]);
    expect(cin7.calls).toEqual(['find Acme GmbH', 'create Acme GmbH', 'find Acme GmbH', 'find Acme GmbH [3]', 'create Acme GmbH [3]']);
  });

  test('a vendor whose turn failed holds up nobody', async () => {
    const cin7 = fakeCin7();
    cin7.before = (call) => {
      if (call === 'create Acme GmbH') throw new SystemError('CIN7_UNREACHABLE', 'retry', 'no connection');
    };
    const outcomes = await Promise.allSettled([first, second].map((one) => postSupplier(input(cin7, one))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    cin7.before = () => undefined;
    expect(await postSupplier(input(cin7, second, { attempt: 2 }))).toMatchObject({ targetLabel: 'Acme GmbH' });
  });

  test('a name taken between look and create, by another node, leads to the name with the number', async () => {
    const cin7 = fakeCin7();
    cin7.before = async (call) => {
      if (call !== 'create Acme GmbH') return;
      cin7.before = () => undefined;
      await postSupplier({ ...input(cin7, second), target: { ...cin7.session } });
    };
    expect(await postSupplier(input(cin7, first))).toMatchObject({ targetLabel: 'Acme GmbH [1]', action: 'created' });
    expect(names(cin7)).toEqual(['Acme GmbH', 'Acme GmbH [1]']);
  });

  test('a request that a proxy on the way repeats, so that the name is taken by our own supplier, creates nothing more', async () => {
    const cin7 = fakeCin7();
    cin7.before = (call) => {
      if (call !== 'create Acme GmbH') return;
      cin7.suppliers.set('s1', { ...acmeBody(words, first.number).supplier, ID: 's1', LastModifiedOn: '2024-01-31T10:15:00Z' });
    };
    expect(await postSupplier(input(cin7, first))).toMatchObject({ targetId: 's1', targetLabel: 'Acme GmbH' });
    expect(names(cin7)).toEqual(['Acme GmbH']);
  });

  describe('a supplier without a number', () => {
    test('is taken over when its tax number is the same, and keeps the comments of people', async () => {
      const cin7 = fakeCin7([foreign({ TaxNumber: 'de 123.456.789' })]);
      expect(await postSupplier(input(cin7, first))).toMatchObject({ targetId: 's1', action: 'updated' });
      expect(cin7.suppliers.get('s1')).toMatchObject({
        Name: 'Acme GmbH',
        PaymentTerm: '30 days',
        Comments: `call before delivery\n${mark('1')}`,
      });
    });

    test.each<[string, Partial<Cin7Supplier>, Partial<SupplierPost['rules']>]>([
      ['its tax number is another one', { TaxNumber: 'DE999999999' }, {}],
      ['it has no tax number', { TaxNumber: '' }, {}],
      ['nothing may be taken over', { TaxNumber: 'DE123456789' }, { adopt: 'never' }],
    ])('is left alone when %s', async (_what, fields, rules) => {
      const cin7 = fakeCin7([foreign(fields)]);
      const before = { ...cin7.suppliers.get('s1') };
      expect(await postSupplier(input(cin7, first, { rules }))).toMatchObject({ targetLabel: 'Acme GmbH [1]', action: 'created' });
      expect(cin7.suppliers.get('s1')).toEqual(before);
    });

    test('is left alone when two vendors without tax number meet', async () => {
      const cin7 = fakeCin7([foreign({ TaxNumber: '' })]);
      const one = acme('1', { TaxNumber: '' });
      expect(await postSupplier(input(cin7, one))).toMatchObject({ action: 'created' });
    });

    test('but with a link of another vendor belongs to that vendor', async () => {
      const cin7 = fakeCin7([foreign({ TaxNumber: 'DE123456789' })]);
      const owners = { s1: numberOf('9') };
      expect(await postSupplier(input(cin7, first, { owners }))).toMatchObject({ targetId: 's2', targetLabel: 'Acme GmbH [1]' });
    });
  });

  test('with block, a name that is taken waits for a person', async () => {
    const cin7 = fakeCin7([foreign({ Comments: mark('9') })]);
    await expect(postSupplier(input(cin7, first, { rules: { nameCollision: 'block' } }))).rejects.toMatchObject({
      code: 'SUPPLIER_NAME_TAKEN',
      verdict: 'refused',
    });
    expect(names(cin7)).toEqual(['ACME GMBH']);
  });

  test('two suppliers with the number of one vendor wait for a person', async () => {
    const cin7 = fakeCin7([foreign({ Comments: mark('1') }), { Name: 'acme gmbh', Comments: mark('1') }]);
    await expect(postSupplier(input(cin7, first))).rejects.toMatchObject({ code: 'SUPPLIER_DOUBLED', verdict: 'refused' });
  });

  describe('a linked supplier', () => {
    test('that was deleted in Cin7 says so, and what to do', async () => {
      await expect(postSupplier(input(fakeCin7(), first, { link: 's7' }))).rejects.toMatchObject({
        code: 'CIN7_SUPPLIER_GONE',
        verdict: 'refused',
        fix: expect.stringContaining('Remove the link'),
      });
    });

    test('that carries the number of another vendor is not touched', async () => {
      const cin7 = fakeCin7([foreign({ Comments: mark('9') })]);
      await expect(postSupplier(input(cin7, first, { link: 's1' }))).rejects.toMatchObject({ code: 'SUPPLIER_OF_ANOTHER_VENDOR' });
    });

    test('takes the new name of its vendor', async () => {
      const cin7 = fakeCin7([{ Name: 'Acme AG', Comments: mark('1') }]);
      expect(await postSupplier(input(cin7, first, { link: 's1' }))).toMatchObject({ targetLabel: 'Acme GmbH', action: 'updated' });
    });

    test('takes the new name with the number, when another one has it', async () => {
      const cin7 = fakeCin7([{ Name: 'Acme AG', Comments: mark('1') }, foreign({ Comments: mark('9') })]);
      expect(await postSupplier(input(cin7, first, { link: 's1' }))).toMatchObject({ targetLabel: 'Acme GmbH [1]' });
      expect(cin7.suppliers.get('s2')?.Name).toBe('ACME GMBH');
    });

    test('that people gave to another vendor is not deprecated with its first one', async () => {
      const cin7 = fakeCin7([foreign({ Comments: mark('9'), Status: 'Active' })]);
      const gone = { ...input(cin7, first, { link: 's1' }), body: { action: 'deprecate', number: first.number } as const };
      await expect(postSupplier(gone)).rejects.toMatchObject({ code: 'SUPPLIER_OF_ANOTHER_VENDOR', verdict: 'refused' });
      expect(cin7.suppliers.get('s1')?.Status).toBe('Active');
    });

    test('is deprecated when its source no longer has it, once', async () => {
      const cin7 = fakeCin7([{ Name: 'Acme GmbH', Comments: mark('1') }]);
      const gone = { ...input(cin7, first, { link: 's1' }), body: { action: 'deprecate', number: first.number } as const };
      expect(await postSupplier(gone)).toMatchObject({ action: 'updated' });
      expect(cin7.suppliers.get('s1')).toMatchObject({ Name: 'Acme GmbH', Status: 'Deprecated' });
      expect(await postSupplier(gone)).toMatchObject({ action: 'unchanged' });
    });
  });

  describe('after a lost answer', () => {
    const lost = new SystemError('CIN7_ANSWER_LOST', 'uncertain', 'no answer came');

    test.each([
      ['was created', (cin7: FakeCin7) => void (cin7.after = loseAt('create Acme GmbH'))],
      [
        'was created with its number, as the name was taken',
        (cin7: FakeCin7) => {
          cin7.suppliers.set('s0', { ...(foreign({ Comments: mark('9') }) as Cin7Supplier), ID: 's0' });
          cin7.after = loseAt('create Acme GmbH [1]');
        },
      ],
    ])('a supplier that %s is found, and posting again doubles nothing', async (_what, prepare) => {
      const cin7 = fakeCin7();
      prepare(cin7);
      await expect(postSupplier(input(cin7, first))).rejects.toMatchObject({ verdict: 'uncertain' });
      cin7.after = () => undefined;
      const count = cin7.suppliers.size;
      const probed = await probeSupplier(input(cin7, first));
      expect(probed).toMatchObject({ outcome: 'applied', result: { action: 'created' } });
      const again = await postSupplier(input(cin7, first, { attempt: 2 }));
      expect(probed).toMatchObject({ result: { targetId: again.targetId, targetLabel: again.targetLabel } });
      expect(cin7.suppliers.size).toBe(count);
    });

    test('a supplier that was not created is absent', async () => {
      const cin7 = fakeCin7([foreign({ Comments: mark('9') })]);
      expect(await probeSupplier(input(cin7, first))).toEqual({ outcome: 'absent' });
    });

    test('a supplier with the number in the name is found when the plain name became free meanwhile', async () => {
      const cin7 = fakeCin7([{ Name: 'Acme GmbH [1]', Comments: mark('1') }]);
      expect(await postSupplier(input(cin7, first, { attempt: 2 }))).toMatchObject({ targetId: 's1', targetLabel: 'Acme GmbH [1]' });
    });

    test.each([
      ['arrived', true, 'applied'],
      ['did not arrive', false, 'absent'],
    ] as const)('an update that %s is known by the content', async (_what, arrived, outcome) => {
      const cin7 = fakeCin7([{ Name: 'Acme GmbH', PaymentTerm: 'COD', Comments: mark('1') }]);
      if (arrived) cin7.after = loseAt('update s1');
      else
        cin7.before = (call) => {
          if (call === 'update s1') throw lost;
        };
      await expect(postSupplier(input(cin7, first, { link: 's1' }))).rejects.toMatchObject({ verdict: 'uncertain' });
      cin7.after = () => undefined;
      expect(await probeSupplier(input(cin7, first, { link: 's1' }))).toMatchObject({ outcome });
    });

    test('two suppliers under both names with the number are for a person', async () => {
      const cin7 = fakeCin7([
        { Name: 'Acme GmbH', Comments: mark('1') },
        { Name: 'Acme GmbH [1]', Comments: mark('1') },
      ]);
      expect(await probeSupplier(input(cin7, first))).toMatchObject({ outcome: 'unknown' });
    });

    function loseAt(lostCall: string) {
      return (call: string): void => {
        if (call === lostCall) throw lost;
      };
    }
  });

  test('a vendor without phone and e-mail gets no empty contact, and a removed e-mail goes', async () => {
    const cin7 = fakeCin7();
    const silent = { Contacts: [{ Name: 'Acme GmbH', Phone: '', MobilePhone: '', Fax: '', Email: '', Default: true }] };
    await postSupplier(input(cin7, acme('1', silent)));
    expect(cin7.suppliers.get('s1')?.Contacts).toEqual([]);
    await postSupplier(input(cin7, first, { link: 's1' }));
    await postSupplier(input(cin7, acme('1', silent), { link: 's1' }));
    expect(cin7.suppliers.get('s1')?.Contacts).toMatchObject([{ Name: 'Acme GmbH', Email: '' }]);
  });
});

test('neither source nor payload is asked for: suppliers are posted also while the source is dark', async () => {
  const cin7 = fakeCin7();
  const dark = {
    record: { id: 'r1', key: '1', label: 'Acme GmbH', attempt: 1 },
    get payload(): never {
      throw new Error('payload was looked at');
    },
    get source(): never {
      throw new Error('source was looked at');
    },
    body: acmeBody(sapVendorWords, '0000000001'),
    link: undefined,
    settings: {},
    target: cin7.session,
    scope: { signal: new AbortController().signal, context: {}, trace: () => undefined },
    ownerOf: () => Promise.resolve(undefined),
    linkOf: () => Promise.resolve(undefined),
    earlierErrors: () => Promise.resolve([]),
    sentVersions: () => Promise.resolve([]),
    lastPosted: () => Promise.resolve(undefined),
  };
  const rules = { nameCollision: 'suffix', adopt: 'never' } as const;
  expect(await postSupplier(inWords(dark, { words: sapVendorWords, rules }))).toMatchObject({ action: 'created' });
});

describe('two sources that post to one account', () => {
  const jde = sourceOf(jdeSupplierWords('JPD920'));
  const other = sourceOf(jdeSupplierWords('JPD930'));
  const sap = sourceOf(sapVendorWords);

  test.each<[string, (cin7: FakeCin7) => Promise<unknown>, (cin7: FakeCin7) => Promise<unknown>]>([
    ['two environments of JD Edwards', (cin7) => jde.post(cin7, '6001 (JPD920)'), (cin7) => other.post(cin7, '6001 (JPD930)')],
    ['SAP, then JD Edwards', (cin7) => sap.post(cin7, '0000006001'), (cin7) => jde.post(cin7, '6001 (JPD920)')],
    ['JD Edwards, then SAP', (cin7) => jde.post(cin7, '6001 (JPD920)'), (cin7) => sap.post(cin7, '0000006001')],
  ])('%s never take each other’s supplier, whatever name, number and tax number say', async (_what, earlier, later) => {
    const cin7 = fakeCin7();
    await earlier(cin7);
    const before = { ...cin7.suppliers.get('s1') };
    expect(await later(cin7)).toMatchObject({ targetId: 's2', targetLabel: 'Acme GmbH [6001]', action: 'created' });
    expect(cin7.suppliers.get('s1')).toEqual(before);
  });

  test('an environment that was renamed finds its suppliers by the former name', async () => {
    const cin7 = fakeCin7();
    await sourceOf(jdeSupplierWords('JPD910')).post(cin7, '6001 (JPD910)');
    const renamed = sourceOf(jdeSupplierWords('JPD920', ['JPD910']));
    expect(await renamed.post(cin7, '6001 (JPD920)')).toMatchObject({ targetId: 's1', action: 'unchanged' });
    expect(await renamed.post(cin7, '6001 (JPD920)', 's1')).toMatchObject({ targetId: 's1' });
  });

  function sourceOf(words: SupplierPost['words']) {
    return {
      post: (cin7: FakeCin7, number: string, link?: string) =>
        postSupplier({
          words,
          rules: { nameCollision: 'suffix', adopt: 'when-tax-number-matches' },
          record: { id: number, key: '6001', label: 'Acme GmbH', attempt: 1 },
          body: acmeBody(words, number),
          link: link ? { targetId: link, targetHash: null } : undefined,
          target: cin7.session,
          scope: { signal: new AbortController().signal, context: {}, trace: () => undefined },
          ownerOf: () => Promise.resolve(undefined),
        }),
    };
  }
});
