import { StorageError } from '../../domain/errors.ts';
import type { FileRoot } from '../../platform/durable-files.ts';
import { openFrame, type Position } from './frame.ts';
import {
  findKeylessEnd,
  type Inspection,
  inspectSegment,
  type LedgerProblem,
  ORIGIN,
  type SegmentLimit,
} from './inspect-segment.ts';
import { HEADER_BYTES, readHeader, type SegmentHeader } from './segment-header.ts';
import { closingFrame, readClosing, readTrailer, TRAILER_BYTES } from './segment-index.ts';

/** A segment file and what was found in it. */
export type SurveyedSegment = Inspection & {
  readonly name: string;
  readonly bytes: number;
};

/** What is in a ledger's folder. */
export type LedgerSurvey = {
  readonly segments: readonly SurveyedSegment[];
  readonly last: Position;
  readonly problems: readonly LedgerProblem[];
};

type SegmentFile = {
  readonly name: string;
  readonly first: number;
  readonly bytes: number;
  readonly header: SegmentHeader | null;
};

const SEGMENT_NAME = /^segment-(\d{12})\.zgl(\.corrupt)?$/;

/**
 * Reads a ledger's folder without changing it, oldest segment first.
 *
 * @param deepBytes the newest segments up to this size are read wholly; of older ones that were
 *   closed properly only header and closing index are
 * @throws StorageError VAULT_CORRUPT when it cannot be told where the ledger ends
 */
export async function surveyLedger(
  files: FileRoot,
  wrapKey: Buffer,
  deepBytes: number,
): Promise<LedgerSurvey> {
  const found = await listSegments(files, wrapKey);
  const segments: SurveyedSegment[] = [];
  const problems: LedgerProblem[] = [];
  let deepLeft = deepBytes - found.reduce((sum, { bytes }) => sum + bytes, 0);
  let position: Position | null = null;
  for (const [i, file] of found.entries()) {
    deepLeft += file.bytes;
    const before: Position = position ?? file.header?.before ?? ORIGIN;
    problems.push(...joinProblems(file, before));
    const limit = limitOf(found.slice(i + 1));
    const quick: Inspection | null = deepLeft < 0 ? await glance(files, file) : null;
    const inspection = quick ?? (await inspectWhole(files, file, limit));
    problems.push(...inspection.problems);
    segments.push({ ...inspection, name: file.name, bytes: file.bytes });
    position = inspection.index?.last ?? limit?.position ?? (await endOf(files, file, before));
    if (inspection.index === null) problems.push(...wholeSegment(file, limit, position));
  }
  return { segments, last: position ?? ORIGIN, problems };
}

async function listSegments(files: FileRoot, wrapKey: Buffer): Promise<readonly SegmentFile[]> {
  const found: SegmentFile[] = [];
  for (const name of await files.list()) {
    const first = SEGMENT_NAME.exec(name)?.[1];
    if (first === undefined) continue;
    const { bytes, part } = await readPart(files, name, 0, HEADER_BYTES);
    found.push({ name, first: Number(first), bytes, header: readHeader(part, wrapKey) });
  }
  // One that was set aside empty is followed by another of the same number.
  return found.sort((a, b) => a.first - b.first || b.name.length - a.name.length);
}

async function readPart(
  files: FileRoot,
  name: string,
  position: number,
  length: number,
): Promise<{ readonly bytes: number; readonly part: Buffer }> {
  const file = await files.open(name, 'read');
  try {
    return { bytes: await file.size(), part: await file.read(position, length) };
  } finally {
    await file.close();
  }
}

function limitOf(later: readonly SegmentFile[]): SegmentLimit | null {
  const next = later[0];
  if (next === undefined) return null;
  return { sequence: next.first - 1, position: next.header?.before ?? null };
}

function joinProblems(file: SegmentFile, before: Position): LedgerProblem[] {
  const { name: segment, header, first } = file;
  if (first - 1 > before.sequence) {
    const what = 'the segment that held these events is missing';
    return [{ segment, from: before.sequence + 1, to: first - 1, what }];
  }
  if (header === null) return [];
  const isNext = header.before.sequence === first - 1 && first - 1 === before.sequence;
  if (isNext && header.before.chain.equals(before.chain)) return [];
  return [{ segment, from: null, to: null, what: 'it does not continue the segment before it' }];
}

/** Reads a closed segment by its index alone; null when it must be read wholly. */
async function glance(files: FileRoot, file: SegmentFile): Promise<Inspection | null> {
  if (file.header === null || file.name.endsWith('.corrupt')) return null;
  const end = file.bytes - TRAILER_BYTES;
  const at = readTrailer((await readPart(files, file.name, end, TRAILER_BYTES)).part);
  if (at === null || at > end) return null;
  const { part } = await readPart(files, file.name, at, end - at);
  const frame = closingFrame(part);
  const body = frame && openFrame(part, frame, file.header.seal);
  if (frame === null || body === null) return null;
  const inFile = { ...frame, offset: at };
  const closed = readClosing(file.name, file.header, inFile, body);
  if (closed === null) return null;
  const events = closed.index.last.sequence - closed.index.before.sequence;
  return { index: closed.index, closedWith: closed.flags, tailBytes: 0, events, problems: [] };
}

async function inspectWhole(
  files: FileRoot,
  file: SegmentFile,
  limit: SegmentLimit | null,
): Promise<Inspection> {
  const { name, header } = file;
  if (header === null) {
    return { index: null, closedWith: null, tailBytes: 0, events: 0, problems: [] };
  }
  const buffer = (await files.readAll(name)) ?? Buffer.alloc(0);
  return inspectSegment(name, buffer, header, limit);
}

async function endOf(files: FileRoot, file: SegmentFile, before: Position): Promise<Position> {
  const end = findKeylessEnd((await files.readAll(file.name)) ?? Buffer.alloc(0), before);
  if (end !== null) return end;
  throw new StorageError('VAULT_CORRUPT', {
    detail: `The header and more of ${file.name} are damaged, so it cannot be told which sequence comes next: restore the data folder from a backup.`,
  });
}

function wholeSegment(
  file: SegmentFile,
  limit: SegmentLimit | null,
  end: Position,
): LedgerProblem[] {
  const to = limit?.sequence ?? end.sequence;
  const isEmpty = to < file.first;
  return [
    {
      segment: file.name,
      from: isEmpty ? null : file.first,
      to: isEmpty ? null : to,
      what: 'its header is damaged, so nothing in it can be read',
    },
  ];
}
