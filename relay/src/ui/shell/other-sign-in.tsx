import { Alert, Button, Divider, Text } from '@mantine/core';
import { useApi } from '../api/index.ts';

const words: Record<string, string> = {
  OIDC_EXPIRED: 'It took too long, or was begun in another browser. Begin again.',
  OIDC_STATE: 'The answer belongs to another sign-in. Begin again.',
  OIDC_UNREACHABLE: 'The identity provider does not answer. Try again later, or sign in with a password.',
  OIDC_DENIED: 'The identity provider did not let you in, or the sign-in was cancelled there.',
  OIDC_INVALID: 'The identity provider and this relay do not fit together. Tell an administrator of this relay.',
  ACCOUNT_DISABLED: 'Your account here is disabled. Ask an administrator of this relay.',
  OIDC_DOMAIN: 'Addresses of your domain are not let in. Ask an administrator of this relay.',
  OIDC_EMAIL: 'The identity provider does not vouch for your e-mail address. Ask its administrator.',
  OIDC_OTHER_IDENTITY: 'The account with your address belongs to somebody else of the provider. Ask an administrator of this relay.',
  OIDC_NO_ACCOUNT: 'There is no account for you here. Ask an administrator of this relay.',
};
const signInPage = '/sign-in';

/** The company's own sign-in, where the relay knows one; afterwards the page that was asked for opens. */
export function OtherSignIn() {
  const label = useApi('sign-in-methods.get').data?.oidc?.label;
  if (label === undefined) return null;
  const { pathname, search } = window.location;
  const to = pathname === signInPage ? '/' : pathname + search;
  return (
    <>
      <Divider label="or" />
      <Button component="a" variant="default" href={`/oauth/oidc/start?to=${encodeURIComponent(to)}`}>
        {label}
      </Button>
    </>
  );
}

/** Why the company's sign-in sent the browser back here. */
export function OtherSignInProblem() {
  const code = new URLSearchParams(window.location.search).get('error');
  if (window.location.pathname !== signInPage || code === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" title="That sign-in did not work">
      <Text size="sm">{words[code] ?? 'The identity provider refused, or something went wrong. Try again.'}</Text>
      <Text size="xs" c="dimmed" mt="xs">
        {code}
      </Text>
    </Alert>
  );
}
