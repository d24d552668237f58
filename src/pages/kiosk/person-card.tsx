import type { JSX } from 'preact';
import type { VisitEscalation } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';

function waitText(escalation: VisitEscalation, strings: KioskStrings): string {
  const { waitSeconds } = escalation;
  if (waitSeconds === null) return strings.waitingUnknown;
  if (waitSeconds < 60) return strings.waitingSoon;
  return strings.waitingMinutes(Math.ceil(waitSeconds / 60));
}

function placeText(escalation: VisitEscalation, strings: KioskStrings): string | null {
  if (escalation.position === null) return null;
  return escalation.position === 1
    ? strings.waitingNext
    : strings.waitingPosition(escalation.position);
}

/** Says honestly how the wait for a person stands, or who is there. */
export function PersonCard(props: {
  readonly escalation: VisitEscalation;
  readonly strings: KioskStrings;
  readonly onCallBack: () => void;
}): JSX.Element {
  const { escalation, strings } = props;
  if (escalation.status === 'claimed') {
    return (
      <div class="person-card is-here" role="status">
        <Icon name="person" />
        <div>
          <h2>{strings.withPerson(escalation.agent ?? strings.someone)}</h2>
          <p>{strings.withPersonHint}</p>
        </div>
      </div>
    );
  }
  if (!escalation.staffOnline) {
    return (
      <div class="person-card" role="status">
        <Icon name="clock" />
        <div>
          <h2>{strings.nobodyTitle}</h2>
          <p>{strings.nobodyText}</p>
        </div>
        <button type="button" class="button primary" onClick={props.onCallBack}>
          <Icon name="form" />
          {strings.leaveNumber}
        </button>
      </div>
    );
  }
  return (
    <div class="person-card" role="status">
      <Icon name="clock" />
      <div>
        <h2>{strings.waitingTitle}</h2>
        <p>
          <strong>{placeText(escalation, strings)}</strong> {waitText(escalation, strings)}{' '}
          {strings.waitingHint}
        </p>
      </div>
      <button type="button" class="button" onClick={props.onCallBack}>
        <Icon name="form" />
        {strings.leaveNumber}
      </button>
    </div>
  );
}
