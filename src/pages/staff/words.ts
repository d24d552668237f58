import type { Language } from '../../domain/language.ts';

const zh = {
  reasons: {
    customer_asked: '客户要求',
    not_understood: '没有听懂',
    complaint: '投诉',
    abuse: '情绪激动',
    answer_incomplete: '答案不完整',
    engines_away: '应答引擎不可用',
  },
  priorities: { low: '低', normal: '普通', high: '高', urgent: '紧急' },
  languages: { zh: '中文', en: '英文' },
  outcomes: { solved: '已解决', ticket: '已转工单', customer_left: '客户离开', other: '其他' },
  ticketStatuses: { open: '待处理', in_progress: '处理中', done: '已完成' },
  modes: { local: '本机应答', cloud: '总部应答', fallback: '关键词应答' },
  healths: { ok: '正常', degraded: '变慢', failing: '故障', unknown: '未知' },
  laneNames: { urgent: '紧急', normal: '一般', bulk: '批量' },
  roles: { agent: '坐席', supervisor: '主管', it: 'IT' },
  routes: {
    answer: '回答',
    choose: '给选项',
    rephrase: '请换说法',
    handoff: '转人工',
    relay: '转达',
    form: '表单',
    social: '寒暄',
    fallback: '关键词',
  },
};

const en: typeof zh = {
  reasons: {
    customer_asked: 'asked for a person',
    not_understood: 'not understood',
    complaint: 'complaint',
    abuse: 'upset',
    answer_incomplete: 'answer incomplete',
    engines_away: 'engines away',
  },
  priorities: { low: 'low', normal: 'normal', high: 'high', urgent: 'urgent' },
  languages: { zh: 'Chinese', en: 'English' },
  outcomes: {
    solved: 'Solved',
    ticket: 'Ticket opened',
    customer_left: 'Customer left',
    other: 'Other',
  },
  ticketStatuses: { open: 'open', in_progress: 'in progress', done: 'done' },
  modes: { local: 'on the box', cloud: 'by headquarters', fallback: 'by keywords' },
  healths: { ok: 'ok', degraded: 'degraded', failing: 'failing', unknown: 'unknown' },
  laneNames: { urgent: 'urgent', normal: 'normal', bulk: 'bulk' },
  roles: { agent: 'Agent', supervisor: 'Supervisor', it: 'IT' },
  routes: {
    answer: 'answer',
    choose: 'choices',
    rephrase: 'rephrase',
    handoff: 'hand-over',
    relay: 'relay',
    form: 'form',
    social: 'courtesy',
    fallback: 'keywords',
  },
};

/** What staff call the values of the domain: reasons, outcomes, modes and the like. */
export const WORDS: Readonly<Record<Language, typeof zh>> = { zh, en };
