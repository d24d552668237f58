import { useState } from 'preact/hooks';
import type { Answer } from '../kit/api-client.ts';
import type { StaffStrings } from './strings.ts';

/** One thing that a button does: busy while it runs, and why it was refused. */
export type Step = {
  readonly isBusy: boolean;
  readonly refusal: string | null;
  readonly run: <T>(ask: () => Promise<Answer<T>>, onDone?: (value: T) => void) => Promise<void>;
  readonly refuse: (why: string | null) => void;
};

/** Runs requests of one form or button row and keeps what came of them. */
export function useStep(strings: StaffStrings): Step {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    isBusy,
    refusal,
    refuse: setRefusal,
    run: async (ask, onDone) => {
      setBusy(true);
      setRefusal(null);
      const answer = await ask();
      setBusy(false);
      if (answer.kind === 'done') onDone?.(answer.value);
      else setRefusal(answer.kind === 'refused' ? answer.problem.title : strings.away);
    },
  };
}
