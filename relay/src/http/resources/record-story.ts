import { z } from 'zod';
import { storyHtml, storyOf } from '../../audit/index.ts';
import { id, tenantParams } from '../ids.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { htmlPage } from '../send-answer.ts';

export const recordStoryRoutes: Route[] = [
  defineRoute({
    id: 'records.story',
    method: 'get',
    path: '/tenants/{tenantId}/records/{recordId}/story',
    summary: "A record's whole story, to be handed on: as JSON, or as a page that stands by itself",
    description:
      'Trigger, payload and its difference to the version before, every attempt with its body, every call with request and answer, waits, ' +
      'retries, ids on both sides, and whether the trail is as it was written. What is named like a secret is covered.',
    role: 'viewer',
    params: tenantParams.extend({ recordId: id('record') }),
    query: z.strictObject({ format: z.enum(['json', 'html']).default('json').describe('html answers text/html') }),
    answer: z.record(z.string(), z.unknown()).meta({ id: 'ExportedStory' }),
    async handle({ params: { tenantId, recordId }, query: { format }, services: { store } }) {
      const story = await storyOf(store, tenantId, recordId);
      if (!story) throw notFound('record', recordId);
      return (format === 'html' ? htmlPage(storyHtml(story)) : story) as unknown as Record<string, unknown>;
    },
  }),
];
