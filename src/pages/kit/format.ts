import type { Language } from '../../domain/language.ts';
import { languageTag } from './page-language.ts';

/** Writes a wall time as date and minute, in the reader's way. */
export const formatMoment = (at: number, language: Language): string =>
  new Intl.DateTimeFormat(languageTag(language), {
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at);

/** Writes a wall time as hours, minutes and seconds. */
export const formatClock = (at: number, language: Language): string =>
  new Intl.DateTimeFormat(languageTag(language), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(at);

/** Writes how long something took or waits, in its largest fitting units. */
export function formatDuration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const zh = language === 'zh';
  if (days > 0) return zh ? `${days} 天 ${hours % 24} 小时` : `${days} d ${hours % 24} h`;
  if (hours > 0) return zh ? `${hours} 小时 ${minutes % 60} 分` : `${hours} h ${minutes % 60} min`;
  if (minutes > 0)
    return zh ? `${minutes} 分 ${seconds % 60} 秒` : `${minutes} min ${seconds % 60} s`;
  return zh ? `${seconds} 秒` : `${seconds} s`;
}

/** Writes a count with the reader's grouping. */
export const formatCount = (count: number, language: Language): string =>
  new Intl.NumberFormat(languageTag(language)).format(count);
