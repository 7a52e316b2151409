/** Pages in the order of the menu; `key` with Alt goes there. */
export const navigation = [
  { title: 'Overview', to: '/overview', key: 'o' },
  { title: 'Records', to: '/records', key: 'r' },
  { title: 'Integrations', to: '/integrations', key: 'i' },
  { title: 'Mappings', to: '/mappings', key: 'm' },
  { title: 'Tunnels', to: '/tunnels', key: 't' },
  { title: 'Connections', to: '/connections', key: 'c' },
  { title: 'Alerts', to: '/alerts', key: 'a' },
  { title: 'Audit', to: '/audit', key: 'u' },
  { title: 'Settings', to: '/settings', key: 's' },
] as const;
