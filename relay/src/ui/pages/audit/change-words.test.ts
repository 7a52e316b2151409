import { detailsOf } from './change-words.ts';

test.each<[unknown, [string, string][]]>([
  [
    { by: 'Ada Müller', name: 'Zürich', windows: [{ forMinutes: 30 }], expiresAt: null },
    [
      ['name', 'Zürich'],
      ['windows', '[{"forMinutes":30}]'],
    ],
  ],
  [
    { outcome: 'failed', enabled: false },
    [
      ['outcome', 'failed'],
      ['enabled', 'false'],
    ],
  ],
  [null, []],
])('of %j the details are %j', (data, details) => {
  expect(detailsOf(data)).toEqual(details);
});
