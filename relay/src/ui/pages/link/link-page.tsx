import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { callApi, type Answer, type ApiProblem } from '../../api/index.ts';
import { Doorway, FormProblem, Loading } from '../../shell/index.ts';
import { LinkForm } from './link-form.tsx';

/** Where a one-time link leads, `/link#<token>`: the first administrator's account, or a new password. Nobody has to be signed in. */
export function LinkPage() {
  const token = useToken();
  const look = useQuery<Answer<'links.look'>, ApiProblem>({
    queryKey: ['links.look', token],
    queryFn: ({ signal }) => callApi('links.look', { body: { token }, signal }),
    // Once used it is over: a page that is looked at again must not say so in the middle of the form.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const [isUsed, setIsUsed] = useState(false);

  if (isUsed)
    return (
      <Doorway title="Password set">
        <Text>Now sign in with it, and with the code of your authenticator app.</Text>
        <ToSignIn />
      </Doorway>
    );
  if (look.error)
    return (
      <Doorway title="This link does not open">
        <FormProblem problem={look.error.problem} fields={['token']} />
        {look.error.problem.code === 'BODY_INVALID' && <Text>It was not copied whole. Copy everything, with what follows the #.</Text>}
        <ToSignIn />
      </Doorway>
    );
  if (!look.data) return <Loading />;
  return <LinkForm token={token} link={look.data} onUsed={() => setIsUsed(true)} />;
}

function ToSignIn() {
  return (
    <Anchor component={Link} href="/">
      To the sign-in
    </Anchor>
  );
}

function useToken(): string {
  const [token, setToken] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const follow = () => setToken(window.location.hash.slice(1));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return token;
}
