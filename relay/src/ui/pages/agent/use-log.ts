import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem, type Problem } from '../../api/index.ts';
import { readLines, type LogLine } from './read-lines.ts';

export interface NumberedLine {
  number: number;
  line: LogLine;
}

export interface FollowedLog {
  lines: readonly NumberedLine[];
  /** Arrived while it was paused. */
  held: number;
  isPaused: boolean;
  isOpen: boolean;
  problem: Problem | undefined;
  pause: () => void;
  resume: () => void;
  clear: () => void;
}

/** Further back nobody scrolls; the file on the machine has everything. */
const mostLines = 10_000;
const drawEveryMs = 150;

/** What an address of log lines answers, as it is written. Lines that arrive close together are drawn together. For one address in its life. */
export function useLog(address: string): FollowedLog {
  const [lines, setLines] = useState<readonly NumberedLine[]>([]);
  const [held, setHeld] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const [isOpen, setOpen] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const waiting = useRef<NumberedLine[]>([]);
  const paused = useRef(false);

  const draw = useCallback(() => {
    const news = waiting.current;
    waiting.current = [];
    setHeld(0);
    if (news.length > 0) setLines((known) => [...known, ...news].slice(-mostLines));
  }, []);

  useEffect(() => {
    const ending = new AbortController();
    let number = 0;
    const keep = (line: LogLine) => {
      waiting.current.push({ number: ++number, line });
      if (waiting.current.length > 2 * mostLines) waiting.current = waiting.current.slice(-mostLines);
    };
    const drawing = setInterval(() => (paused.current ? setHeld(waiting.current.length) : draw()), drawEveryMs);
    forEachLine(address, ending.signal, keep)
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setProblem(error instanceof ApiProblem ? error.problem : cutOff);
      })
      .finally(() => {
        if (!ending.signal.aborted) setOpen(false);
      });
    return () => {
      ending.abort();
      clearInterval(drawing);
    };
  }, [address, draw]);

  const setPause = (now: boolean) => {
    paused.current = now;
    setPaused(now);
    if (!now) draw();
  };
  return {
    lines,
    held,
    isPaused,
    isOpen,
    problem,
    pause: () => setPause(true),
    resume: () => setPause(false),
    clear: () => setLines([]),
  };
}

async function forEachLine(address: string, signal: AbortSignal, keep: (line: LogLine) => void): Promise<void> {
  for await (const group of readLines(address, signal)) group.forEach(keep);
}

const cutOff: Problem = {
  type: 'about:blank',
  title: 'Log cut off',
  status: 0,
  code: 'LOG_CUT_OFF',
  detail: 'The log was cut off.',
  fix: 'Open it again; the last lines are there.',
  requestId: '',
};
