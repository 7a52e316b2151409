import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { useApi } from '../api/index.ts';
import { Doorway } from './doorway.tsx';
import { FirstTenant } from './first-tenant.tsx';
import { Loading } from './loading.tsx';
import { ProblemView } from './problem-view.tsx';
import { SignIn } from './sign-in.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { useMe } from './use-me.ts';

/** Who is signed in, and the tenant that the pages are about. */
export interface Who {
  name: string;
  /** null: a program with an API token. */
  email: string | null;
  hasSecondFactor: boolean;
  /** Whether the role is held in all tenants and for the relay itself: accounts, tenants. */
  mayEverywhere: (role: Role) => boolean;
  tenantId: string;
  tenantName: string;
  /** Tenants to choose from. */
  tenants: { id: string; name: string }[];
  /** In the chosen tenant. */
  may: (role: Role) => boolean;
  chooseTenant: (tenantId: string) => void;
}

const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

const WhoContext = createContext<Who | undefined>(undefined);
const rememberedTenant = 'ml-relay.tenant';

export function useWho(): Who {
  const who = useContext(WhoContext);
  if (!who) throw new Error('useWho is for parts inside WhoProvider');
  return who;
}

/** Shows its children to somebody who is signed in, and the sign-in to everybody else. */
export function WhoProvider({ children }: { children: ReactNode }) {
  const me = useMe();
  const hasRole = me.data ? me.data.everywhere !== null || me.data.tenants.length > 0 : false;
  const tenants = useApi('tenants.list', { query: { limit: 500 } }, { enabled: hasRole });
  const [chosen, setChosen] = useState(() => localStorage.getItem(rememberedTenant) ?? '');
  const who = useMemo((): Who | undefined => {
    if (!me.data || !tenants.data) return undefined;
    const known = tenants.data.items;
    const tenant = known.find(({ id }) => id === chosen) ?? known[0];
    const { name, email, hasSecondFactor, everywhere, tenants: grants } = me.data;
    const inTenant = grants.find(({ tenantId }) => tenantId === tenant?.id)?.role;
    const held = Math.max(rank(everywhere), rank(inTenant));
    return {
      name,
      email,
      hasSecondFactor,
      mayEverywhere: (role) => rank(role) <= rank(everywhere),
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

  if (me.data === null) return <SignIn />;
  if (me.data && !hasRole) return <NoTenant />;
  const failed = me.error ?? tenants.error;
  if (failed && !who) return <ProblemView problem={failed.problem} />;
  if (!who) return <Loading />;
  if (who.tenantId === '') return <WhoContext value={who}>{who.mayEverywhere('admin') ? <FirstTenant /> : <NoTenant />}</WhoContext>;
  return <WhoContext value={who}>{children}</WhoContext>;
}

function NoTenant() {
  return (
    <Doorway title="No tenant yet" lead="There is no tenant that you have a role in. An administrator can give you one.">
      <SignOutButton />
    </Doorway>
  );
}

function rank(role: Role | null | undefined): number {
  return role ? roles.indexOf(role) : -1;
}
