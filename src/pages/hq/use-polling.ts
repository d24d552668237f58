import { useEffect, useRef } from 'preact/hooks';

/** Runs a task now and again `everyMs` after it finished, so that a slow server is never hurried. */
export function usePolling(task: () => Promise<void>, everyMs: number): void {
  const latest = useRef(task);
  latest.current = task;
  useEffect(() => {
    let isOn = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      await latest.current();
      if (isOn) timer = setTimeout(() => void run(), everyMs);
    };
    void run();
    return () => {
      isOn = false;
      clearTimeout(timer);
    };
  }, [everyMs]);
}
