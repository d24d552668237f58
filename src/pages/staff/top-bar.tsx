import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { StaffView, StatusView } from '../../domain/views.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { Seal } from '../kit/seal.tsx';
import type { Speech } from './strings.ts';

/** The areas of the workbench. */
export type Area = 'queue' | 'tickets' | 'status' | 'accounts';

const ICONS: Readonly<Record<Area, IconName>> = {
  queue: 'queue',
  tickets: 'ticket',
  status: 'pulse',
  accounts: 'people',
};

/** Shows where one is, who one is and how the box is; on a phone the areas move to the bottom. */
export function TopBar(
  props: Speech & {
    readonly me: StaffView;
    readonly area: Area;
    readonly waiting: number;
    readonly status: StatusView | null;
    readonly onArea: (area: Area) => void;
    readonly onLanguage: (language: Language) => void;
    readonly onSignOut: () => void;
  },
): JSX.Element {
  const { strings, status, me } = props;
  const areas: readonly Area[] =
    me.role === 'agent'
      ? ['queue', 'tickets', 'status']
      : ['queue', 'tickets', 'status', 'accounts'];
  return (
    <header class="top-bar">
      <Seal />
      <nav aria-label={strings.nav}>
        {areas.map((area) => (
          <button
            key={area}
            type="button"
            aria-current={props.area === area ? 'page' : undefined}
            onClick={() => props.onArea(area)}
          >
            <Icon name={ICONS[area]} />
            <span>{strings[area]}</span>
            {area === 'queue' && props.waiting > 0 && (
              <span class="badge">
                {props.waiting}
                <span class="visually-hidden"> {strings.waitingCount(props.waiting)}</span>
              </span>
            )}
          </button>
        ))}
      </nav>
      {status && (
        <p class={`pill health-${status.health}`}>
          {strings.modes[status.mode]} · {strings.healths[status.health]}
        </p>
      )}
      <LanguageSwitch language={props.language} onChange={props.onLanguage} />
      <p class="whoami">
        <strong>{me.displayName}</strong> <span>{strings.roles[me.role]}</span>
      </p>
      <button type="button" class="button quiet" onClick={props.onSignOut}>
        <Icon name="leave" />
        <span class="sign-out-word">{strings.signOut}</span>
      </button>
    </header>
  );
}
