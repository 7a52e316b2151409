import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { setCsrfToken, useApi, type ApiProblem } from '../api/index.ts';
import { Loading } from './loading.tsx';
import { ProblemView } from './problem-view.tsx';
import { SignIn } from './sign-in.tsx';

/** Who is signed in, and the tenant that the pages are about. */
export interface Who {
  name: string;
  tenantId: string;
  tenantName: string;
  /** Tenants to choose from. */
  tenants: { id: string; name: string }[];
  may: (role: 'viewer' | 'operator' | 'admin') => boolean;
  chooseTenant: (tenantId: string) => void;
}

const WhoContext = createContext<Who | undefined>(undefined);
const rememberedTenant = 'ml-relay.tenant';

export function useWho(): Who {
  const who = useContext(WhoContext);
  if (!who) throw new Error('useWho is for parts inside WhoProvider');
  return who;
}

/** Shows its children to somebody who is signed in, and the sign-in to everybody else. */
export function WhoProvider({ children }: { children: ReactNode }) {
  const me = useApi('me.get');
  const isSignedIn = me.data !== undefined;
  const tenants = useApi('tenants.list', { query: { limit: 500 } }, { enabled: isSignedIn });
  const [chosen, setChosen] = useState(() => localStorage.getItem(rememberedTenant) ?? '');
  const who = useMemo((): Who | undefined => {
    if (!me.data || !tenants.data) return undefined;
    const known = tenants.data.items;
    const tenant = known.find(({ id }) => id === chosen) ?? known[0];
    const { name, everywhere, tenants: grants, csrfToken } = me.data;
    const inTenant = grants.find(({ tenantId }) => tenantId === tenant?.id)?.role;
    const held = Math.max(rank(everywhere), rank(inTenant));
    setCsrfToken(csrfToken ?? undefined);
    return {
      name,
      tenantId: tenant?.id ?? '',
      tenantName: tenant?.name ?? '',
      tenants: known,
      may: (role) => rank(role) <= held,
      chooseTenant(id) {
        localStorage.setItem(rememberedTenant, id);
        setChosen(id);
      },
    };
  }, [me.data, tenants.data, chosen]);

  if (isNotSignedIn(me.error)) return <SignIn />;
  const failed = me.error ?? tenants.error;
  if (failed && !who) return <ProblemView problem={failed.problem} />;
  if (!who) return <Loading />;
  return <WhoContext value={who}>{children}</WhoContext>;
}

function rank(role: string | null | undefined): number {
  return ['viewer', 'operator', 'admin'].indexOf(role ?? '');
}

function isNotSignedIn(error: ApiProblem | null): boolean {
  return error?.problem.status === 401;
}
