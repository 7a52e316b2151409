import { usePages } from '../../api/index.ts';
import { Empty, Loading, MoreButton, ProblemView, Section, useWho } from '../../shell/index.ts';
import { ConnectionBlackouts } from './connection-blackouts.tsx';

/** When connections are left alone: a night batch, a maintenance. */
export function Blackouts() {
  const { tenantId } = useWho();
  const connections = usePages('connections.list', { path: { tenantId }, query: { limit: 50 } });
  const { items, error } = connections;
  return (
    <Section
      title="Blackouts"
      lead="Times when nothing is sent to a connection or read from it: a night batch, a maintenance. What waited goes out afterwards."
    >
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && <Empty title="No connections yet">Blackouts belong to a connection.</Empty>}
      {items?.map(({ id, name }) => (
        <ConnectionBlackouts key={id} connectionId={id} name={name} />
      ))}
      <MoreButton pages={connections} />
    </Section>
  );
}
