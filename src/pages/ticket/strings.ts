import type { Language } from '../../domain/language.ts';

const zh = {
  title: '工单进度',
  status: { open: '已收到，等待处理', in_progress: '正在处理', done: '已办结' },
  due: (moment: string) => `我们会在${moment}前给您答复。`,
  done: '这张工单已经办完。还有问题，请到网点或拨打服务热线。',
  loading: '正在查询',
  away: '网络开小差了，正在自动重试。',
};

const en: typeof zh = {
  title: 'Your request',
  status: { open: 'Received, waiting its turn', in_progress: 'Being worked on', done: 'Completed' },
  due: (moment: string) => `You will hear from us by ${moment}.`,
  done: 'This request is complete. If anything is left, please ask at the branch or call our hotline.',
  loading: 'Looking it up',
  away: 'The line is down. Trying again by itself.',
};

/** The words of the ticket page in one language. */
export type Strings = typeof zh;

/** The words of the ticket page. */
export const STRINGS: Readonly<Record<Language, Strings>> = { zh, en };
