import { z } from 'zod';
import { defineRoute, type Route } from '../route.ts';

export const signInMethodRoutes: Route[] = [
  defineRoute({
    id: 'sign-in-methods.get',
    method: 'get',
    path: '/sign-in-methods',
    summary: 'How people sign in here',
    description: 'With `oidc` a browser goes to /oauth/oidc/start, with `?to=` and the page to open afterwards.',
    role: 'viewer',
    access: 'public',
    answer: z.object({
      password: z.boolean(),
      oidc: z.object({ label: z.string().describe('What the button says') }).nullable(),
    }),
    handle: ({ services: { oidc } }) => Promise.resolve({ password: true, oidc: oidc ? { label: oidc.label } : null }),
  }),
];
