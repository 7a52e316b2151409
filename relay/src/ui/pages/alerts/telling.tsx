import { useApi } from '../../api/index.ts';
import { Loading, ProblemView, Section, useWho } from '../../shell/index.ts';
import { TellingForm } from './telling-form.tsx';

/** When this tenant wants to hear of alerts. */
export function Telling() {
  const { tenantId } = useWho();
  const settings = useApi('alert-settings.get', { path: { tenantId } });
  if (settings.error && !settings.data) return <ProblemView problem={settings.error.problem} />;
  if (!settings.data) return <Loading />;
  return (
    <Section title="Quiet hours and reminders" lead="Messages wait for the end of quiet hours; what is over by then is not told at all.">
      <TellingForm settings={settings.data} />
    </Section>
  );
}
