export { ReplayDialog } from './replay-dialog.tsx';
export { ReplayPreview, usePreview, type Selection } from './replay-preview.tsx';
export { ReplayProgress } from './replay-progress.tsx';
