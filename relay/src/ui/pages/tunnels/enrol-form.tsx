import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type IssuedEnrollToken, type Site } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';

interface EnrolFormProps {
  sites: Site[];
  /** Chosen already. */
  only: Site | undefined;
  onCancel: () => void;
  onIssued: (site: Site, token: IssuedEnrollToken) => void;
}

const newSite = 'new';
const lives = [
  { value: '60', label: 'an hour' },
  { value: '1440', label: 'a day' },
  { value: '10080', label: 'a week' },
];

/** Where the agent will stand, and how long its token is good. */
export function EnrolForm({ sites, only, onCancel, onIssued }: EnrolFormProps) {
  const { tenantId } = useWho();
  const [siteId, setSiteId] = useState(only?.id ?? sites[0]?.id ?? newSite);
  const [name, setName] = useState('');
  const [minutes, setMinutes] = useState('60');
  const make = useAction('sites.create');
  const issue = useAction('enroll-tokens.issue');
  const submit = async () => {
    const site = sites.find(({ id }) => id === siteId) ?? (await make.mutateAsync({ path: { tenantId }, body: { name } }));
    // Should the token fail, the site is there and chosen for the next try.
    setSiteId(site.id);
    const token = await issue.mutateAsync({ path: { tenantId, siteId: site.id }, body: { validMinutes: Number(minutes) } });
    onIssued(site, token);
  };
  const work = make.isPending || make.error ? make : issue;
  return (
    <Form action="Make the token" onSubmit={() => void submit().catch(() => undefined)} work={work} onCancel={onCancel} fields={['name']}>
      {only === undefined && (
        <Select
          label="Site"
          description="A place in your network. Two agents at one site stand in for each other."
          data={[...sites.map(({ id, name: label }) => ({ value: id, label })), { value: newSite, label: 'A new site …' }]}
          value={siteId}
          onChange={(value) => value !== null && setSiteId(value)}
          allowDeselect={false}
          searchable={sites.length > 10}
        />
      )}
      {siteId === newSite && (
        <TextInput
          label="Name of the site"
          placeholder="Plant South"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(make.error?.problem, 'name')}
          required
          data-autofocus
        />
      )}
      <Select
        label="The token is good for"
        description="It lets one agent in, once."
        data={lives}
        value={minutes}
        onChange={(value) => value !== null && setMinutes(value)}
        allowDeselect={false}
      />
    </Form>
  );
}
