import type { Flow } from '../flows/index.ts';
import { fieldProblems, sentence } from './check-input.ts';
import { ApiError } from './problem.ts';

/** Refuses settings that do not fit the flow, with the names of all fields at fault; `at` is where the flow stands in the body. */
export function checkFlowSettings(flow: Flow, settings: Record<string, unknown>, at: PropertyKey[]): void {
  const checked = flow.settings.safeParse(settings, { error: sentence });
  if (checked.success) return;
  const errors = fieldProblems(checked.error.issues, [...at, 'settings']);
  const [first] = errors;
  throw new ApiError(400, 'SETTINGS_INVALID', `${first?.path ?? 'settings'} ${first?.message ?? 'is not valid'}`, {
    errors,
    fix: 'Correct the fields named in "errors"; GET /api/v1/flows describes the settings of each flow.',
  });
}
