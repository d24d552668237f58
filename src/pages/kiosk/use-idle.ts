import { useEffect, useRef, useState } from 'preact/hooks';

const LONGEST_WARNING_SECONDS = 20;
const STAY_EVERY_MS = 20_000;
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** What the page does when nobody touches the screen. */
type IdleOptions = {
  readonly active: boolean;
  readonly idleSeconds: number;
  /** Called while the customer is active, at most every 20 s: the server counts idle time too. */
  readonly onStay: () => void;
  readonly onIdle: () => void;
};

/**
 * Watches for a customer who walked away.
 *
 * @returns seconds left once the warning should show, else null; and a way to stay
 */
export function useIdle(options: IdleOptions): {
  readonly secondsLeft: number | null;
  readonly stay: () => void;
} {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const latest = useRef({ options, touchedTick: 0, saidTick: 0 });
  latest.current.options = options;

  const stay = (): void => {
    const now = performance.now();
    latest.current.touchedTick = now;
    setSecondsLeft(null);
    if (now - latest.current.saidTick < STAY_EVERY_MS) return;
    latest.current.saidTick = now;
    latest.current.options.onStay();
  };

  useEffect(() => {
    if (!options.active) return setSecondsLeft(null);
    latest.current.touchedTick = performance.now();
    latest.current.saidTick = performance.now();
    const warnSeconds = Math.min(LONGEST_WARNING_SECONDS, options.idleSeconds / 2);
    const timer = setInterval(() => {
      const idle = (performance.now() - latest.current.touchedTick) / 1000;
      const left = Math.ceil(options.idleSeconds - idle);
      setSecondsLeft(left <= warnSeconds ? Math.max(0, left) : null);
      if (left <= 0) latest.current.options.onIdle();
    }, 500);
    for (const touch of TOUCHES) addEventListener(touch, stay, { passive: true });
    return () => {
      clearInterval(timer);
      for (const touch of TOUCHES) removeEventListener(touch, stay);
    };
  }, [options.active, options.idleSeconds]);

  return { secondsLeft, stay };
}
