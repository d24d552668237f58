import { deskProjection } from '../../src/desk/desk-projection.ts';
import { Escalations } from '../../src/desk/escalations.ts';
import { Conversation } from '../../src/dialogue/conversation.ts';
import { KeywordUnderstander } from '../../src/dialogue/keyword-understander.ts';
import { Knowledge } from '../../src/dialogue/knowledge.ts';
import { Visits } from '../../src/dialogue/visits.ts';
import { visitsProjection } from '../../src/dialogue/visits-projection.ts';
import { ModelError, SyncError } from '../../src/domain/errors.ts';
import type { Mode } from '../../src/domain/health.ts';
import type { Pack } from '../../src/domain/pack.ts';
import type { Candidate, Log, Understanding } from '../../src/domain/ports.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** A log that nobody reads. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Dialogue and desk as the appliance joins them, with engines that say what a test tells them to. */
export function dialogueWorld(pack: Pack, facts = {}) {
  const clock = new ManualClock();
  const ledger = new MemoryLedger(clock);
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const desk = ledger.project(deskProjection);
  const visitsState = ledger.project(visitsProjection);
  const knowledge = new Knowledge([pack], facts);
  const escalations = new Escalations({
    ledger,
    desk,
    clock,
    log: silentLog,
    newId,
    leaseMs: 45_000,
  });
  const visits = new Visits({
    ledger,
    visits: visitsState,
    handOver: escalations,
    clock,
    log: silentLog,
    newId,
    idleMs: 90_000,
    limit: 3,
  });
  const engine = {
    mode: 'local' as Mode,
    /** What the local engine and headquarters make of the next texts; null: they fail. */
    local: [] as readonly Candidate[] | null,
    cloud: null as readonly Candidate[] | null,
    asked: [] as string[],
    reports: [] as string[],
  };
  const thresholds = { absolute: 0.6, margin: 0.2, choose: 0.3 };
  const conversation = new Conversation({
    visits,
    knowledge,
    handOver: escalations,
    observe: () => undefined,
    masker: { mask: (text) => text.replace(/1[3-9]\d{9}/g, '[手机号]') },
    engines: {
      clock,
      log: silentLog,
      keyword: new KeywordUnderstander(knowledge),
      local: {
        thresholds: () => thresholds,
        understand: async (text) => {
          engine.asked.push(`local: ${text}`);
          if (!engine.local) throw new ModelError('MODEL_NOT_READY', { detail: 'told to fail' });
          return understood(engine.local);
        },
      },
      cloud: {
        understand: async (text) => {
          engine.asked.push(`cloud: ${text}`);
          if (!engine.cloud) throw new SyncError('SYNC_HQ_UNREACHABLE', { detail: 'told to fail' });
          return { ...understood(engine.cloud), thresholds };
        },
      },
      modes: {
        mode: () => engine.mode,
        health: () => 'ok',
        budgetMs: () => 1_000,
        report: (name, { ok }) => engine.reports.push(`${name} ${ok ? 'ok' : 'failed'}`),
      },
    },
  });
  return { clock, ledger, knowledge, escalations, visits, visitsState, desk, conversation, engine };
}

function understood(candidates: readonly Candidate[]): Understanding {
  const stagesMs = { queue: 0, tokenise: 0, encode: 0, classify: 0 };
  return { candidates, nearest: null, stagesMs };
}
