import type { Role } from './who.tsx';

export interface Place {
  title: string;
  to: string;
  /** With Alt it goes there. */
  key: string;
  /** Least role that has something to see there. */
  role?: Role;
}

/** Pages in the order of the menu. */
export const navigation: readonly Place[] = [
  { title: 'Overview', to: '/overview', key: 'o' },
  { title: 'Records', to: '/records', key: 'r' },
  { title: 'Integrations', to: '/integrations', key: 'i' },
  { title: 'Mappings', to: '/mappings', key: 'm' },
  { title: 'Tunnels', to: '/tunnels', key: 't' },
  { title: 'Connections', to: '/connections', key: 'c' },
  { title: 'Alerts', to: '/alerts', key: 'a' },
  { title: 'Audit', to: '/audit', key: 'u', role: 'admin' },
  { title: 'Settings', to: '/settings', key: 's' },
];
