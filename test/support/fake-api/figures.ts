import type { FleetEvent, FleetRow, StatusView } from '../../../src/domain/views.ts';

/** How the fake box is. */
export function makeStatus(): StatusView {
  const now = Date.now();
  const probe = (
    name: string,
    zh: string,
    en: string,
    reading: Pick<StatusView['probes'][number], 'health' | 'value' | 'unit' | 'threshold'>,
  ): StatusView['probes'][number] => ({ name, title: { zh, en }, readAt: now, ...reading });
  return {
    mode: 'local',
    health: 'degraded',
    version: '0.1.0',
    startedAt: now - 3_600_000 * 30,
    probes: [
      probe('disk', '磁盘空间', 'Disk space', {
        health: 'ok',
        value: 42.7,
        unit: 'GB',
        threshold: 2,
      }),
      probe('memory', '内存', 'Memory', { health: 'ok', value: 61, unit: '%', threshold: 90 }),
      probe('loop', '事件循环延迟', 'Event loop delay', {
        health: 'ok',
        value: 1.8,
        unit: 'ms',
        threshold: 50,
      }),
      probe('temperature', '温度', 'Temperature', {
        health: 'degraded',
        value: 78,
        unit: '°C',
        threshold: 75,
      }),
      probe('synthetic', '模拟提问', 'Synthetic question', {
        health: 'ok',
        value: 6.4,
        unit: 'ms',
        threshold: 50,
      }),
      probe('hq', '总部线路', 'Line to headquarters', {
        health: 'unknown',
        value: null,
        unit: 'ms',
        threshold: 2000,
      }),
    ],
    incidents: [
      {
        id: 'i2',
        probe: 'temperature',
        title: { zh: '机箱温度偏高', en: 'The case runs hot' },
        openedAt: now - 420_000,
        closedAt: null,
      },
      {
        id: 'i1',
        probe: 'hq',
        title: { zh: '总部线路中断', en: 'The line to headquarters dropped' },
        openedAt: now - 9_000_000,
        closedAt: now - 8_760_000,
      },
    ],
    lanes: [
      { lane: 'urgent', committed: 214, acknowledged: 214 },
      { lane: 'normal', committed: 18_402, acknowledged: 18_377 },
      { lane: 'bulk', committed: 5_120, acknowledged: 4_980 },
    ],
    headquarters: { configured: true, reachable: true, lastReceiptAt: now - 4000 },
    today: {
      visits: 131,
      turns: 402,
      answered: 371,
      escalated: 9,
      turnP50Ms: 7.1,
      turnP99Ms: 24.6,
    },
  };
}

/** The appliances that the fake headquarters knows. */
export function makeFleet(): readonly FleetRow[] {
  const now = Date.now();
  return [
    {
      appliance: 'zg-7f3a91c2',
      site: '人民路支行 / Renmin Road',
      enrolledAt: now - 86_400_000 * 12,
      lastSeenAt: now - 3000,
      epoch: 1,
      lanes: [
        { lane: 'urgent', watermark: 214, duplicates: 3 },
        { lane: 'normal', watermark: 18_377, duplicates: 41 },
        { lane: 'bulk', watermark: 4_980, duplicates: 0 },
      ],
      byType: {
        'turn.recorded': 15_210,
        'session.opened': 1_544,
        'session.ended': 1_540,
        'feedback.given': 83,
        'escalation.opened': 96,
        'ticket.opened': 31,
        'metrics.sampled': 4_980,
      },
    },
    {
      appliance: 'zg-02be44d0',
      site: '解放碑店 / Jiefangbei shop',
      enrolledAt: now - 86_400_000 * 3,
      lastSeenAt: now - 5_400_000,
      epoch: 2,
      lanes: [
        { lane: 'urgent', watermark: 12, duplicates: 0 },
        { lane: 'normal', watermark: 904, duplicates: 7 },
        { lane: 'bulk', watermark: 260, duplicates: 0 },
      ],
      byType: { 'turn.recorded': 760, 'session.opened': 92, 'box.started': 4 },
    },
  ];
}

/** What one appliance sent. */
export function makeEvents(): readonly FleetEvent[] {
  const kinds = [
    ['turn.recorded', 'normal', 'answer · banking.card_lost · zh · 7.3 ms'],
    ['session.opened', 'normal', 'kiosk · zh'],
    ['escalation.opened', 'urgent', 'customer_asked · front_desk · zh'],
    ['turn.recorded', 'normal', 'choose · en · 8.1 ms'],
    ['ticket.opened', 'urgent', 'T-20261122-0007 · common.callback'],
    ['metrics.sampled', 'bulk', 'heapBytes, loopDelayMs, turns'],
  ] as const;
  return Array.from({ length: 24 }, (_, place) => {
    const [type, lane, summary] = kinds[place % kinds.length] ?? kinds[0];
    return {
      id: `e${place}`,
      type,
      lane,
      laneSequence: 180 + place,
      at: Date.now() - (24 - place) * 3100,
      summary,
    };
  });
}
