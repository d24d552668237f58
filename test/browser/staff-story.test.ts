import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowserWorld } from '../support/browser.ts';
import { makeTurn } from '../support/fake-api/samples.ts';
import { PASSWORD } from '../support/fake-api/staff-routes.ts';
import { HQ_KEY } from '../support/fake-api.ts';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const world = await openBrowserWorld();
const { api } = world;
const { box } = api;
const staff = suite('staff');

async function signIn(size = DESKTOP): Promise<Page> {
  const page = await world.open(`${api.url}/staff`, size);
  await page.fill('#name', 'li');
  await page.fill('#password', PASSWORD);
  await page.click('.gate-card .primary');
  await page.waitForSelector('.workbench');
  return page;
}

function waitingCustomer(): void {
  const turns = [makeTurn(1, '未知业务', { isTapped: false, isRelay: false })];
  const visit = { id: 'v1', token: 't', messages: [], answers: new Map(), isOver: false };
  box.visits.set('v1', { ...visit, turns });
  box.escalate('v1', { summary: '未知业务', reason: 'not_understood', priority: 'high' });
}

staff.before.each(() => {
  box.me = null;
  box.escalations.length = 0;
  box.tickets.length = 0;
});
staff.after(() => world.close());

staff('refuses a wrong password and makes a new account set its own', async () => {
  box.mustChangePassword = true;
  const page = await world.open(`${api.url}/staff`, DESKTOP);
  await page.fill('#name', 'li');
  await page.fill('#password', 'wrong');
  await page.click('.gate-card .primary');
  await page.waitForSelector('.field-error:has-text("账号或密码不对")');
  await page.fill('#password', PASSWORD);
  await page.click('.gate-card .primary');
  await page.fill('#next', 'a long new password');
  await page.fill('#repeat', 'another long password');
  await page.click('.gate-card .primary');
  await page.waitForSelector('.field-error:has-text("不一样")');
  await page.fill('#repeat', 'a long new password');
  await page.click('.gate-card .primary');
  await page.waitForSelector('.notice:has-text("没有人在等")');
});

staff('sees an escalation at once, claims it, chats both ways and resolves it', async () => {
  const page = await signIn();
  await page.waitForSelector('.notice:has-text("没有人在等")');
  waitingCustomer();
  await page.waitForSelector('.queue-row:has-text("没有听懂")');
  assert.match(await page.title(), '(1)');
  await page.click('.queue-row');
  await page.waitForSelector('.receipt:has-text("7.3 ms")');
  assert.is(await page.locator('.chat-box').count(), 0, 'nobody writes before claiming');
  await page.click('.talk-buttons .primary');
  await page.click('.suggestion >> nth=0');
  await page.press('#message', 'Enter');
  await page.waitForSelector('.from-agent:has-text("马上为您处理")');
  box.say('v1', { at: Date.now() + 1, from: 'customer', author: null, text: '谢谢' });
  await page.waitForSelector('.from-customer:has-text("谢谢")');
  assert.is(await page.locator('.from-agent').count(), 1, 'the echo of the stream adds nothing');
  assert.not.match(await page.title(), '(1)');
  await page.click('.talk-buttons .primary');
  await page.click('.chip:has-text("已转工单")');
  await page.fill('#note', '已登记');
  await page.click('.resolve .primary');
  await page.waitForSelector('.standing:has-text("已经结束")');
  assert.is(box.escalations.at(0)?.outcome, 'ticket');
});

staff('keeps its hold alive every ten seconds', async () => {
  const page = await world.open(`${api.url}/staff`, DESKTOP);
  await page.clock.install();
  await page.fill('#name', 'li');
  await page.fill('#password', PASSWORD);
  await page.click('.gate-card .primary');
  waitingCustomer();
  await page.click('.queue-row');
  await page.click('.talk-buttons .primary');
  await page.waitForSelector('.chat-box');
  const before = box.heartbeats;
  await page.clock.runFor(10_000);
  await page.waitForFunction(() => document.querySelector('.chat-box'));
  assert.is(box.heartbeats, before + 1);
});

staff('says so when a colleague was faster, and when the customer has left', async () => {
  const page = await signIn();
  waitingCustomer();
  await page.click('.queue-row');
  await page.waitForSelector('.talk-buttons .primary');
  const row = box.escalations.at(0);
  assert.ok(row);
  // The row changes behind the stream's back, as when a frame is still on its way.
  box.escalations[0] = { ...row, status: 'claimed', holder: 'wang', holderName: '王小二' };
  await page.click('.talk-buttons .primary');
  await page.waitForSelector('.field-error:has-text("同事已经接手")');
  box.changeEscalation(row.id, { status: 'resolved', outcome: 'customer_left' });
  await page.waitForSelector('.standing:has-text("客户已经离开")');
});

staff('catches up with the open conversation after the line was down', async () => {
  const page = await signIn();
  waitingCustomer();
  await page.click('.queue-row');
  await page.waitForSelector('.transcript');
  box.dropStreams();
  box.say('v1', { at: Date.now() + 1, from: 'customer', author: null, text: '还在吗' });
  await page.waitForSelector('.from-customer:has-text("还在吗")');
  assert.is(await page.locator('.live-banner').textContent(), '');
});

staff('shows one pane at a time on a phone', async () => {
  waitingCustomer();
  const page = await signIn(PHONE);
  await page.click('.queue-row');
  await page.waitForSelector('.transcript');
  assert.is(await page.isVisible('.pane-list'), false);
  await page.click('.talk-buttons .phone-only');
  assert.ok(await page.isVisible('.pane-side'));
  await page.click('.pane-side .phone-only');
  await page.click('.talk-head > .phone-only');
  assert.ok(await page.isVisible('.pane-list'));
});

staff('shows a contact only to somebody who says why', async () => {
  box.openTicket({ contact_name: '张*', contact_phone: '138****8000' });
  const page = await signIn();
  await page.click('nav button:has-text("工单")');
  await page.click('.queue-row');
  assert.not.match(await page.content(), '13800138000');
  await page.click('.ticket .button:has-text("查看联系方式")');
  await page.fill('#reason', '客户要求回电');
  await page.click('.reveal .primary');
  await page.waitForSelector('.revealed:has-text("13800138000")');
  await page.click('.segments button:has-text("已完成")');
  await page.waitForSelector('.tag.status-done');
});

staff('shows a one-time password once, and accounts to no agent', async () => {
  const page = await signIn();
  await page.click('nav button:has-text("账号")');
  await page.fill('#account-name', 'zhao');
  await page.fill('#account-display', '赵四');
  await page.click('.account-form .primary');
  await page.click('.one-time:has-text("jade-river-4821-lantern") .primary');
  assert.not.match(await page.content(), 'jade-river');
  box.me = null;
  box.role = 'agent';
  const other = await signIn();
  assert.is(await other.locator('nav button:has-text("账号")').count(), 0);
  box.role = 'supervisor';
});

staff('lists the fleet at headquarters for whoever has the key', async () => {
  const page = await world.open(api.hqUrl, DESKTOP);
  await page.fill('#key', 'wrong');
  await page.click('.gate-card .primary');
  await page.waitForSelector('.field-error');
  await page.fill('#key', HQ_KEY);
  await page.click('.gate-card .primary');
  await page.waitForSelector('.appliance:has-text("18,377")');
  await page.waitForSelector('.event-table:has-text("ticket.opened")');
  assert.is(await page.locator('.event-table tbody tr').count(), 24);
});

staff('reports no script error, console error or policy violation', () => {
  assert.equal(world.faults, []);
});

staff.run();
