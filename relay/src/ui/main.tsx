import '@mantine/core/styles.css';
import './main.css';
import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/index.ts';
import { App } from './app.tsx';
import { cssVariables, meKey, theme } from './shell/index.ts';

const queries = new QueryClient({
  // A session that ended shows at the next answer: then it is asked who is signed in, and the sign-in comes.
  queryCache: new QueryCache({ onError: (error) => void (isNotSignedIn(error) && queries.invalidateQueries({ queryKey: meKey })) }),
  defaultOptions: { queries: { retry: false, staleTime: 5000, refetchOnWindowFocus: true }, mutations: { retry: false } },
});
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const root = document.querySelector('#root');
if (!root) throw new Error('index.html has no element with the id root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

function isNotSignedIn(error: Error): boolean {
  return error instanceof ApiProblem && error.problem.status === 401;
}
