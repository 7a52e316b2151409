export { CopyText } from './copy-text.tsx';
export { Empty, NotFound } from './empty.tsx';
export { Frame } from './frame.tsx';
export { Loading } from './loading.tsx';
export { ProblemView } from './problem-view.tsx';
export { StateBadge } from './state-badge.tsx';
export { theme } from './theme.ts';
export { Time } from './time.tsx';
export { useWho, WhoProvider, type Who } from './who.tsx';
