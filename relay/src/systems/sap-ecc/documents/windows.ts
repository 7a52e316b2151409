import { momentBefore, SystemError, toSapDate, type SapMoment } from '@ml-connector/shared';
import type { SapSystemInfo } from '../system-info.ts';
import type { HeaderWindow } from './headers.ts';
import type { DocumentReading } from './read-documents.ts';

/** Which documents a reading looks at, for one company code after the other. */
export type Window = Omit<HeaderWindow, 'companyCode'>;

const defaultChangesDays = 95;
const defaultSweepDays = 35;

export function loadWindow(reading: DocumentReading, info: SapSystemInfo): Window {
  return { postedFrom: startOf(reading, info), documentTypes: reading.documentTypes };
}

/**
 * CPUDT has no index of its own: the posting date keeps the read to the newest part of the table (facts/sap-ecc.md 2.11). What is posted
 * further back is left to the sweep; after a pause longer than a sweep looks back, nothing is.
 */
export function changesWindow(reading: DocumentReading, info: SapSystemInfo, enteredSince: SapMoment): Window {
  const { sweepDays = defaultSweepDays, documentTypes } = reading;
  const [start, bound] = [startOf(reading, info), boundOf(reading, info)];
  const isSwept = enteredSince.date > daysBefore(info, sweepDays);
  return { postedFrom: isSwept && bound > start ? bound : start, enteredSince, documentTypes };
}

export function sweepWindow(reading: DocumentReading, info: SapSystemInfo): Window {
  const { sweepDays = defaultSweepDays, documentTypes } = reading;
  return { postedFrom: startOf(reading, info), touchedSince: daysBefore(info, sweepDays), documentTypes };
}

function startOf(reading: DocumentReading, info: SapSystemInfo): string {
  return reading.startDate ? toSapDate(reading.startDate) : boundOf(reading, info);
}

function boundOf({ changesDays = defaultChangesDays }: DocumentReading, info: SapSystemInfo): string {
  return daysBefore(info, changesDays);
}

function daysBefore({ serverTime }: SapSystemInfo, days: number): string {
  return momentBefore(serverTime, days * 86_400).date;
}

export function rangeWindow({ range, documentTypes }: DocumentReading): Window {
  if (!range) throw new SystemError('SAP_RANGE_MISSING', 'refused', 'reading documents of a range of days: no range was given');
  return { postedFrom: toSapDate(range.first), postedTo: toSapDate(range.last), documentTypes };
}
