import type { Language } from '../../domain/language.ts';

const zh = {
  product: '掌柜总部',
  signIn: '进入',
  signInHint: '请输入访问密钥，它在总部启动时打印过。',
  key: '访问密钥',
  away: '连不上总部服务，正在自动重试。',
  loading: '正在加载',
  appliances: '网点设备',
  empty: '还没有设备登记',
  emptyText: '设备用一次性令牌登记后，会出现在这里。',
  lastSeen: '最近联系',
  never: '从未',
  ago: (duration: string) => `${duration}前`,
  enrolled: '登记于',
  epoch: '纪元',
  lane: '通道',
  watermark: '水位',
  duplicates: '重复已忽略',
  laneNames: { urgent: '紧急', normal: '一般', bulk: '批量' },
  byType: '各类事件',
  events: '收到的事件',
  eventsEmpty: '还没有收到事件。',
  earlier: '再取一些',
  time: '时间',
  type: '类型',
  sequence: '序号',
  summary: '内容',
  total: (count: string) => `共 ${count} 条`,
  pick: '选一台设备',
  pickText: '在左边点一台设备，查看它送来的事件。',
  back: '返回',
};

const en: typeof zh = {
  product: 'Zhanggui headquarters',
  signIn: 'Enter',
  signInHint: 'Enter the access key that headquarters printed when it started.',
  key: 'Access key',
  away: 'Headquarters cannot be reached. Trying again by itself.',
  loading: 'Loading',
  appliances: 'Appliances',
  empty: 'No appliance has enrolled yet',
  emptyText: 'An appliance shows up here once it has enrolled with its one-time token.',
  lastSeen: 'Last seen',
  never: 'never',
  ago: (duration: string) => `${duration} ago`,
  enrolled: 'Enrolled',
  epoch: 'Epoch',
  lane: 'Lane',
  watermark: 'Watermark',
  duplicates: 'Duplicates ignored',
  laneNames: { urgent: 'urgent', normal: 'normal', bulk: 'bulk' },
  byType: 'Events by type',
  events: 'Received events',
  eventsEmpty: 'No event received yet.',
  earlier: 'Fetch more',
  time: 'Time',
  type: 'Type',
  sequence: 'Sequence',
  summary: 'Content',
  total: (count: string) => `${count} in all`,
  pick: 'Choose an appliance',
  pickText: 'Tap an appliance in the list to see the events it sent.',
  back: 'Back',
};

/** Every text of the headquarters page in one language. */
export type HqStrings = typeof zh;

/** The headquarters page's texts; a translation that is missing does not compile. */
export const HQ_STRINGS: Readonly<Record<Language, HqStrings>> = { zh, en };

/** What nearly every part of the page is given. */
export type Speech = { readonly language: Language; readonly strings: HqStrings };
