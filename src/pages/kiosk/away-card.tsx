import type { JSX } from 'preact';
import { Notice } from '../kit/notice.tsx';
import type { KioskStrings } from './strings.ts';

/** Says calmly that the server is away, and that the page takes care of it. */
export function AwayCard(props: {
  readonly strings: KioskStrings;
  readonly onRetry: () => void;
}): JSX.Element {
  const { strings } = props;
  return (
    <div class="cover" role="alert">
      <Notice icon="cloud" title={strings.awayTitle} text={strings.awayText}>
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <button type="button" class="button" onClick={props.onRetry}>
          {strings.awayRetry}
        </button>
      </Notice>
    </div>
  );
}
