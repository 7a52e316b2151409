import { Checkbox, PasswordInput, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Problem } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';
import { fieldsOf, kindWords, settingsFrom, textsOf, type Channel, type Field, type Kind } from './channel-fields.ts';

/** A new channel, or changes to one: its kind stays. */
export function ChannelForm({ channel, onClose }: { channel?: Channel; onClose: () => void }) {
  const { tenantId } = useWho();
  const [kind, setKind] = useState<Kind>((channel?.kind as Kind | undefined) ?? 'email');
  const [name, setName] = useState(channel?.name ?? '');
  const [texts, setTexts] = useState(() => textsOf(kind, channel?.settings));
  const [anchors, setAnchors] = useState(channel?.settings['anchors'] === true);
  const create = useAction('alert-channels.create');
  const change = useAction('alert-channels.change');
  const work = channel ? change : create;
  const problem = work.error?.problem;
  const fields = fieldsOf[kind];
  const choose = (chosen: Kind) => {
    setKind(chosen);
    setTexts(textsOf(chosen, undefined));
    work.reset();
  };
  const submit = () => {
    const body = { name: name.trim(), settings: { ...settingsFrom(kind, texts, !channel), anchors } };
    if (channel) change.mutate({ path: { tenantId, channelId: channel.id }, body }, { onSuccess: onClose });
    else create.mutate({ path: { tenantId }, body: { kind, ...body } }, { onSuccess: onClose });
  };
  return (
    <Form
      action={channel ? 'Save' : 'Add'}
      work={work}
      fields={['name', ...fields.map((field) => `settings.${field.name}`)]}
      onCancel={onClose}
      onSubmit={submit}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          placeholder="Operations team"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          required
        />
        <Select
          label="Kind"
          data={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={(chosen) => chosen !== null && choose(chosen as Kind)}
          disabled={channel !== undefined}
          allowDeselect={false}
        />
        {fields.map((field) => (
          <FieldInput
            key={`${kind} ${field.name}`}
            field={field}
            isNew={!channel}
            text={texts[field.name] ?? ''}
            problem={problem}
            onChange={(text) => setTexts({ ...texts, [field.name]: text })}
          />
        ))}
      </SimpleGrid>
      <Checkbox
        label="Also send the daily anchors of the audit trail here"
        description="Kept outside of the relay, they show whether somebody changed the trail afterwards."
        checked={anchors}
        onChange={(event) => setAnchors(event.currentTarget.checked)}
      />
    </Form>
  );
}

interface FieldInputProps {
  field: Field;
  isNew: boolean;
  text: string;
  problem: Problem | undefined;
  onChange: (text: string) => void;
}

function FieldInput({ field, isNew, text, problem, onChange }: FieldInputProps) {
  const { name, label, placeholder, isSecret = false, isRequired = false, isLong = false, choices } = field;
  const kept = isSecret && !isNew ? 'Left empty it stays as it is' : undefined;
  const shared = {
    label,
    value: text,
    error: faultOf(problem, `settings.${name}`),
    required: isRequired && !(isSecret && !isNew),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...((kept ?? field.description) === undefined ? {} : { description: kept ?? field.description }),
  };
  if (choices)
    return <Select {...shared} data={choices} onChange={(chosen) => chosen !== null && onChange(chosen)} allowDeselect={false} />;
  if (isSecret) return <PasswordInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="new-password" />;
  if (isLong) return <Textarea {...shared} onChange={(event) => onChange(event.currentTarget.value)} autosize minRows={1} maxRows={8} />;
  return <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="off" />;
}
