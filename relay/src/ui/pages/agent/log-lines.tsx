import { Anchor } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type UIEvent } from 'react';
import { Link } from 'wouter';
import { JsonView } from '../../shell/index.ts';
import './log-lines.css';
import type { LogLine } from './read-lines.ts';
import type { NumberedLine } from './use-log.ts';

interface LogLinesProps {
  lines: readonly NumberedLine[];
  isFollowing: boolean;
  /** Scrolled away from the end. */
  onLookBack: () => void;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
/** Shown elsewhere in the line, or the same in every line. */
const plain = new Set(['level', 'time', 'msg', 'component', 'pid', 'hostname', 'recordId']);

/** Lines of a log, of which only those in view are drawn; a click opens one. */
export function LogLines({ lines, isFollowing, onLookBack }: LogLinesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number>();
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 22,
    getItemKey: (place) => lines[place]?.number ?? place,
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines, rows]);
  const last = useRef(0);
  const lookBack = ({ currentTarget: { scrollTop } }: UIEvent<HTMLDivElement>) => {
    // Only a person scrolls up: following goes down.
    if (isFollowing && scrollTop < last.current - 4) onLookBack();
    last.current = scrollTop;
  };
  return (
    <div ref={frame} className="log" role="log" aria-label="Log" onScroll={lookBack}>
      {lines.length === 0 && <p className="log-empty">Nothing yet. Lines appear here as they are written.</p>}
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const one = lines[row.index];
          if (!one) return null;
          return (
            <div
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className="log-row"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <Line line={one.line} isOpen={open === one.number} onToggle={() => setOpen(open === one.number ? undefined : one.number)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Line({ line, isOpen, onToggle }: { line: LogLine; isOpen: boolean; onToggle: () => void }) {
  const level = textOf(line['level']);
  const recordId = textOf(line['recordId']);
  return (
    <>
      <div className={`log-line log-${level}`}>
        <span className="log-time" title={textOf(line['time'])}>
          {timeOf(line['time'])}
        </span>
        <span className="log-level">{level}</span>
        <button type="button" className="log-text" onClick={onToggle} aria-expanded={isOpen}>
          {textOf(line['msg'])} <span className="log-fields">{fieldsOf(line)}</span>
        </button>
        {recordId !== '' && (
          <Anchor component={Link} href={`/records/${recordId}`} inherit aria-label={`Record ${recordId}`}>
            record
          </Anchor>
        )}
      </div>
      {isOpen && <JsonView value={line} label="the line" />}
    </>
  );
}

function timeOf(time: unknown): string {
  const at = new Date(textOf(time));
  return Number.isNaN(at.getTime()) ? '' : clock.format(at);
}

function fieldsOf(line: LogLine): string {
  return Object.entries(line)
    .filter(([name]) => !plain.has(name))
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(' ');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
