import type { Form, SlotKind } from '../../domain/pack.ts';
import type {
  EscalationDetail,
  EscalationView,
  FleetEvent,
  FleetRow,
  OpenedVisit,
  StaffView,
  StatusView,
  SubmittedForm,
  TurnView,
  VisitView,
} from '../../domain/views.ts';
import type { DemoWorld } from './demo-world.ts';
import { bodyOf, demand, until } from './expect.ts';
import type { HttpsClient } from './https-client.ts';

/** One step of the story; returns what was seen, in a few words. */
export type Step = { readonly name: string; readonly run: () => Promise<string> };

const PASSWORD = 'smoke-Test-2026-walk';
const CHINESE = '我的银行卡丢了，怎么办？';
const ENGLISH = 'I was charged twice for one order';
const UNKNOWABLE = ['量子力学是什么？', '帮我写一首关于大海的诗', '世界杯冠军是谁？'];

/** The whole story, step by step; each one builds on those before it. */
export function tellStory(world: DemoWorld): Step[] {
  const teller = new Teller(world);
  return [
    { name: 'headquarters starts', run: () => teller.startHq() },
    { name: 'the box starts', run: () => teller.startBox() },
    {
      name: 'a question in Chinese is answered',
      run: () => teller.ask(CHINESE, 'banking.lost_card'),
    },
    {
      name: 'a question in English is answered',
      run: () => teller.ask(ENGLISH, 'ecommerce.double_charged'),
    },
    { name: 'staff sign in and set a password', run: () => teller.signIn() },
    { name: 'the box is enrolled with headquarters', run: () => teller.enrolled() },
    { name: 'what it cannot know goes to a person', run: () => teller.askTheUnknown() },
    { name: 'staff see it at once, with the conversation', run: () => teller.seeEscalation() },
    { name: 'staff claim it', run: () => teller.claim() },
    { name: 'both sides chat', run: () => teller.chat('customer and agent') },
    { name: 'the box is killed (-9) and comes back', run: () => teller.killBox() },
    { name: 'visit, claim and sign-in have survived', run: () => teller.goOn() },
    { name: 'headquarters is killed (-9) and comes back', run: () => teller.killHq() },
    { name: 'both sides chat again', run: () => teller.chat('after the crash') },
    { name: 'staff resolve it, the machine answers again', run: () => teller.resolve() },
    { name: 'a form becomes a ticket, once', run: () => teller.ticket() },
    { name: 'the visit ends', run: () => teller.leave() },
    { name: 'headquarters has every event once', run: () => teller.compare() },
  ];
}

/** Holds what the steps share. */
class Teller {
  readonly #world: DemoWorld;
  #customer: HttpsClient | null = null;
  #staff: HttpsClient | null = null;
  #visit = '';
  #escalation = '';
  #seenAt: number | null = null;
  #askedAt = 0;
  #turns = 0;
  #accessKey = '';
  readonly #streams = new AbortController();

  constructor(world: DemoWorld) {
    this.#world = world;
  }

  async startHq(): Promise<string> {
    await this.#world.startHq();
    this.#accessKey = this.#world.hq.printed(/^access key, shown only now: (\S+)/) ?? '';
    demand(this.#accessKey !== '', 'headquarters printed no access key');
    return `process ${this.#world.hq.pid}`;
  }

  async startBox(): Promise<string> {
    await this.#world.startBox();
    this.#customer = await this.#world.boxClient();
    this.#staff = await this.#world.boxClient();
    const opened = bodyOf<OpenedVisit>(await this.#customer.post('/api/v1/sessions'));
    this.#visit = `/api/v1/sessions/${opened.sessionId}`;
    this.#customer.headers['authorization'] = `Bearer ${opened.token}`;
    return this.#world.box.printed(/^(ready.*)/) ?? '';
  }

  async ask(text: string, intent: string): Promise<string> {
    const { turn } = await this.#say(text);
    const { receipt, reply } = turn;
    this.#turns += 1;
    demand(reply.route === 'answer', `route ${reply.route}, intent ${receipt.intent}`);
    demand(receipt.intent === intent, `intent ${receipt.intent} instead of ${intent}`);
    demand(receipt.engine === 'local', `answered by ${receipt.engine}, not on the box`);
    return `${text} → ${reply.title} (${receipt.engine}, ${receipt.confidence.toFixed(2)})`;
  }

  async signIn(): Promise<string> {
    const staff = this.#of(this.#staff);
    const [, name = '', password = ''] =
      /^first sign-in: (\S+) \/ (\S+)/.exec(
        this.#world.box.lines.find((line) => line.startsWith('first sign-in')) ?? '',
      ) ?? [];
    demand(password !== '', 'the box printed no one-time password');
    const signedIn = await staff.post('/api/v1/staff/sign-in', { name, password });
    demand(bodyOf<StaffView>(signedIn).mustChangePassword, 'the one-time password may stay');
    staff.headers['cookie'] = signedIn.cookie ?? '';
    const early = await staff.get('/api/v1/desk/escalations');
    demand(early.status === 403, `the queue opens before the password is changed: ${early.status}`);
    const changed = await staff.post('/api/v1/staff/password', {
      current: password,
      next: PASSWORD,
    });
    demand(!bodyOf<StaffView>(changed).mustChangePassword, 'the password was not changed');
    staff.headers['cookie'] = changed.cookie ?? '';
    staff.follow('/api/v1/desk/events', this.#streams.signal, (frame, value) => {
      if (frame === 'escalation' && (value as EscalationView).status === 'waiting')
        this.#seenAt ??= performance.now();
    });
    return `${name}, password changed`;
  }

  /** A one-time token that is cut off half-way is spent: the story kills the box only after this. */
  async enrolled(): Promise<string> {
    const staff = this.#of(this.#staff);
    const { lanes } = await until(
      30_000,
      async () => {
        const status = bodyOf<StatusView>(await staff.get('/api/v1/status'));
        return status.headquarters.reachable ? status : null;
      },
      'headquarters has let the box in',
    );
    return lanes.map(({ lane, committed }) => `${lane} ${committed}`).join(', ');
  }

  async askTheUnknown(): Promise<string> {
    const routes: string[] = [];
    for (const text of UNKNOWABLE) {
      if (routes.at(-1) === 'handoff') break;
      this.#askedAt = performance.now();
      routes.push((await this.#say(text)).turn.reply.route);
      this.#turns += 1;
    }
    demand(routes.at(-1) === 'handoff', `routes ${routes.join(' → ')}`);
    demand(!routes.includes('answer'), `it guessed: ${routes.join(' → ')}`);
    return routes.join(' → ');
  }

  async seeEscalation(): Promise<string> {
    const seenAt = await until(1_000, () => this.#seenAt, 'the live queue shows it');
    const staff = this.#of(this.#staff);
    const queue = bodyOf<EscalationView[]>(await staff.get('/api/v1/desk/escalations'));
    this.#escalation = `/api/v1/desk/escalations/${queue[0]?.id}`;
    const detail = bodyOf<EscalationDetail>(await staff.get(this.#escalation));
    demand(
      detail.turns.length === this.#turns,
      `${detail.turns.length} turns instead of ${this.#turns}`,
    );
    demand(detail.escalation.reason === 'not_understood', `reason ${detail.escalation.reason}`);
    return `${Math.round(seenAt - this.#askedAt)} ms after the question, ${detail.turns.length} turns, not_understood`;
  }

  async claim(): Promise<string> {
    const answer = await this.#of(this.#staff).post(`${this.#escalation}/claim`);
    return `held by ${bodyOf<EscalationView>(answer).holderName}`;
  }

  async chat(words: string): Promise<string> {
    await this.#say(`客户说：${words}`);
    const sent = { text: `您好，我是工作人员：${words}` };
    bodyOf(await this.#of(this.#staff).post(`${this.#escalation}/messages`, sent));
    const visit = bodyOf<VisitView>(await this.#of(this.#customer).get(this.#visit));
    const last = visit.messages.slice(-2).map((message) => message.from);
    demand(last.join() === 'customer,agent', `the customer sees ${last.join()}`);
    return `${visit.messages.length} messages`;
  }

  async killBox(): Promise<string> {
    await this.#world.box.stop('SIGKILL');
    await this.#world.startBox();
    return this.#world.box.printed(/^(ready.*)/) ?? '';
  }

  async goOn(): Promise<string> {
    const visit = bodyOf<VisitView>(await this.#of(this.#customer).get(this.#visit));
    demand(
      visit.turns.length === this.#turns,
      `${visit.turns.length} turns instead of ${this.#turns}`,
    );
    const held = bodyOf<EscalationView>(
      await this.#of(this.#staff).post(`${this.#escalation}/heartbeat`),
    );
    demand(held.status === 'claimed', `the escalation is ${held.status}`);
    return `${visit.turns.length} turns, ${visit.messages.length} messages, still claimed`;
  }

  async killHq(): Promise<string> {
    await this.#world.hq.stop('SIGKILL');
    await this.#world.startHq();
    return `process ${this.#world.hq.pid}`;
  }

  async resolve(): Promise<string> {
    const done = { outcome: 'solved', note: '已处理' };
    bodyOf(await this.#of(this.#staff).post(`${this.#escalation}/resolve`, done));
    return this.ask(CHINESE, 'banking.lost_card');
  }

  async ticket(): Promise<string> {
    const customer = this.#of(this.#customer);
    const path = `${this.#visit}/forms/common.callback`;
    const values = await this.#fillIn('common.callback');
    const submission = { submissionId: crypto.randomUUID(), values };
    const { number } = bodyOf<SubmittedForm>(await customer.post(path, submission));
    const again = await customer.post(path, submission);
    demand(again.status === 409, `the replayed form got ${again.status}`);
    return number;
  }

  async leave(): Promise<string> {
    const ended = await this.#of(this.#customer).call('DELETE', this.#visit);
    demand(ended.status === 204, `status ${ended.status}`);
    const after = await this.#of(this.#customer).get(this.#visit);
    demand(after.status === 410, `an ended visit answers ${after.status}`);
    return 'nothing can be read any more';
  }

  async compare(): Promise<string> {
    const hq = await this.#world.hqClient();
    const signedIn = await hq.post('/api/sign-in', { key: this.#accessKey });
    bodyOf(signedIn);
    hq.headers['cookie'] = signedIn.cookie ?? '';
    const staff = this.#of(this.#staff);
    const row = await until(
      30_000,
      async () => {
        const { lanes } = bodyOf<StatusView>(await staff.get('/api/v1/status'));
        const isLevel = lanes.every((lane) => lane.acknowledged === lane.committed);
        const [first] = bodyOf<FleetRow[]>(await hq.get('/api/fleet'));
        const isSame = lanes.every(
          (lane) =>
            first?.lanes.find((one) => one.lane === lane.lane)?.watermark === lane.committed,
        );
        return isLevel && isSame && first ? first : null;
      },
      'headquarters holds what the box committed',
    );
    const events = await this.#allEvents(hq, row.appliance);
    const total = row.lanes.reduce((sum, lane) => sum + lane.watermark, 0);
    const distinct = new Set(events.map((event) => event.id)).size;
    demand(events.length === total, `${events.length} events listed, ${total} committed`);
    demand(distinct === total, `${events.length - distinct} events twice`);
    this.#streams.abort();
    return `${total} events, each once; ${row.lanes.map((lane) => `${lane.lane} ${lane.watermark}`).join(', ')}`;
  }

  async #allEvents(hq: HttpsClient, appliance: string): Promise<FleetEvent[]> {
    const events: FleetEvent[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const path = `/api/fleet/${appliance}/events?after=${after}`;
      const page: { events: FleetEvent[]; next: number | null } = bodyOf(await hq.get(path));
      events.push(...page.events);
      after = page.events.length === 0 ? null : page.next;
    }
    return events;
  }

  /** Fills a form in as a customer would. */
  async #fillIn(form: string): Promise<Record<string, string>> {
    const { slots } = bodyOf<Form>(await this.#of(this.#customer).get(`/api/v1/forms/${form}`));
    const typed: Partial<Record<SlotKind, string>> = { name: '王小明', phone: '13800138000' };
    return Object.fromEntries(
      slots.map(({ name, kind, choices }) => [
        name,
        choices[0]?.value ?? typed[kind] ?? '想问房贷',
      ]),
    );
  }

  async #say(text: string): Promise<TurnView> {
    const path = `${this.#visit}/turns`;
    const body = { text, turnKey: crypto.randomUUID() };
    return bodyOf<TurnView>(await this.#of(this.#customer).post(path, body));
  }

  #of(client: HttpsClient | null): HttpsClient {
    if (client === null) throw new TypeError('the box has not been started');
    return client;
  }
}
