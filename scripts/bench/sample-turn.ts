import type { NewEvent } from '../../src/domain/events.ts';

/** A turn as the box records it: what is committed most, and of the usual size. */
export function sampleTurn(): NewEvent<'turn.recorded'> {
  const sessionId = '0193a5b0-6f1c-7cc2-9d0e-3b1f5a7e2c44';
  return {
    type: 'turn.recorded',
    subject: sessionId,
    data: {
      sessionId,
      turnKey: '5f0c6a52-6d6f-4b0d-8a57-0d5f9f3f1b11',
      turn: {
        ...{ number: 3, at: 1_764_000_000_000, text: '我的银行卡丢了，怎么办？', language: 'zh' },
        reply: {
          route: 'answer',
          language: 'zh',
          title: '银行卡丢失',
          text: '请马上挂失，别人就不能再用这张卡。\n\n1. 拨打挂失电话，按提示输入证件号码。\n2. 带上身份证到柜台办理正式挂失。\n3. 当场可以补办新卡，换新号当场领取，保留原卡号约需 7 个工作日。\n\n如果发现有不是您本人的交易，请同时告诉柜员，我们会帮您登记。',
          short: '请马上挂失，再带身份证到柜台补卡。',
          choices: [
            { label: '补办新卡', action: { type: 'intent', intent: 'banking.replace_card' } },
            { label: '找工作人员', action: { type: 'person' } },
          ],
        },
        receipt: {
          ...{ route: 'answer', engine: 'local', intent: 'banking.lost_card' },
          ...{ confidence: 0.9731, margin: 0.9512 },
          nearest: { intent: 'banking.lost_card', text: '卡丢了怎么办', similarity: 0.9342 },
          stagesMs: {
            ...{ prepare: 0.21, queue: 0.35, tokenise: 0.18, encode: 2.9, classify: 0.3 },
            ...{ decide: 0.05, total: 4.2 },
          },
          ...{ mode: 'local', health: 'ok', recorded: true },
        },
      },
    },
  };
}
