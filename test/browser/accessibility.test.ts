import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findViolations, openBrowserWorld, type Size } from '../support/browser.ts';
import { makeTurn } from '../support/fake-api/samples.ts';
import { PASSWORD } from '../support/fake-api/staff-routes.ts';
import { HQ_KEY } from '../support/fake-api.ts';

const KIOSK_SIZES: readonly Size[] = [
  { width: 1080, height: 1920 },
  { width: 1920, height: 1080 },
];
const STAFF_SIZES: readonly Size[] = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const world = await openBrowserWorld();
const { api } = world;
const { box } = api;
const accessibility = suite('accessibility');

const isAsTallAs = (height: number): boolean => document.documentElement.scrollHeight === height;

/** Asks axe about the page as it stands, in every size and both languages. */
async function check(page: Page, sizes: readonly Size[], screen: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.waitForFunction(
      (width) => document.documentElement.clientWidth === width,
      size.width,
    );
    for (const language of ['en', 'zh-CN']) {
      // What covers the page covers the switch too: such a screen is seen in the language it has.
      const toggle = page.locator(`.language-switch [lang=${language}]`);
      if ((await page.locator('.cover, .idle').count()) === 0) await toggle.click();
      // Panes scroll, the kiosk page as a whole never does; a resize takes a moment.
      if (sizes === KIOSK_SIZES) await page.waitForFunction(isAsTallAs, size.height);
      const found = await findViolations(page);
      assert.equal(found, [], `${screen}, ${language}, ${size.width} wide`);
    }
  }
}

accessibility.after(() => world.close());

accessibility('holds on every kiosk screen', async () => {
  const page = await world.open(api.url, { width: 1080, height: 1920 });
  const see = (screen: string): Promise<void> => check(page, KIOSK_SIZES, screen);
  await page.waitForSelector('.start');
  await see('start');
  await page.click('#question');
  await page.click('.keys [data-skbtn="w"]');
  await page.click('.keys [data-skbtn="o"]');
  await page.waitForSelector('.candidates li');
  assert.equal(await findViolations(page), [], 'keyboard');
  await page.fill('#question', '银行卡丢了');
  await page.click('.composer-send');
  await page.waitForSelector('.reply');
  await see('answer');
  box.refuseNextTurn = 'MODEL_QUEUE_FULL';
  await page.fill('#question', '卡');
  await page.click('.composer-send');
  await page.waitForSelector('.refusal');
  await see('refused');
  await page.click('.refusal button');
  await page.waitForSelector('.choices-large');
  await page.click('.choices-large [data-action=person]');
  await page.waitForSelector('.person-card');
  await see('choices and wait');
  await page.click('.person-card .button');
  await page.waitForSelector('.form-sheet');
  await page.click('.form-sheet .primary');
  await page.waitForSelector('.field-error');
  await see('form');
  await page.fill('#slot-contact_name', '张伟');
  await page.fill('#slot-contact_phone', '13800138000');
  await page.click('.option >> nth=0');
  await page.click('.form-sheet .primary');
  await page.waitForSelector('.review');
  await see('review');
  await page.click('.form-sheet .primary');
  await page.waitForSelector('.ticket-number');
  await see('ticket');
  await page.click('.ticket .primary');
  await page.waitForSelector('.thanks-sign');
  assert.equal(await findViolations(page), [], 'thanks');
});

accessibility('holds while the kiosk is away, idle or in a chat', async () => {
  const page = await world.open(api.url, { width: 1920, height: 1080 });
  await page.waitForSelector('.start');
  await page.clock.install();
  await page.click('.topic >> nth=0');
  await page.waitForSelector('.reply');
  await page.click('.bar-person');
  await page.waitForSelector('.person-card');
  const row = box.escalations.at(0);
  assert.ok(row);
  box.changeEscalation(row.id, { status: 'claimed', holder: 'li', holderName: '李掌柜' });
  box.say(row.sessionId, { at: 1, from: 'agent', author: '李掌柜', text: '您好' });
  await page.waitForSelector('.from-person');
  await check(page, KIOSK_SIZES, 'chat');
  await page.clock.fastForward(465_000);
  await page.waitForSelector('.idle');
  await check(page, KIOSK_SIZES, 'idle');
  await page.click('.idle .primary');
  box.isAway = true;
  await page.fill('#question', '在吗');
  await page.click('.composer-send');
  await page.waitForSelector('.cover');
  await check(page, KIOSK_SIZES, 'away');
  box.isAway = false;
});

accessibility('holds on every staff screen', async () => {
  box.escalations.length = 0;
  box.mustChangePassword = true;
  const page = await world.open(`${api.url}/staff`, { width: 1440, height: 900 });
  const see = (screen: string): Promise<void> => check(page, STAFF_SIZES, screen);
  await page.waitForSelector('.gate-card');
  await see('sign-in');
  await page.fill('#name', 'li');
  await page.fill('#password', PASSWORD);
  await page.click('.gate-card .primary');
  await page.waitForSelector('#next');
  await see('password');
  await page.fill('#next', 'a long new password');
  await page.fill('#repeat', 'a long new password');
  await page.click('.gate-card .primary');
  await page.waitForSelector('.workbench');
  await see('empty queue');
  const turns = [makeTurn(1, '未知业务', { isTapped: false, isRelay: false })];
  const visit = { id: 'v1', token: 't', messages: [], answers: new Map(), isOver: false };
  box.visits.set('v1', { ...visit, turns });
  box.escalate('v1', { summary: '未知业务', priority: 'urgent' });
  box.escalate('v2', { summary: 'charged twice', priority: 'high', language: 'en' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('.queue-row:has-text("未知")');
  await page.click('.talk-buttons .primary');
  await page.waitForSelector('.chat-box');
  await see('chat');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('.talk-buttons .primary');
  await see('resolve');
  box.openTicket({ contact_name: '张*' }, { priority: 'urgent' });
  await page.click('nav button >> nth=1');
  await page.click('.queue-row');
  await page.click('.ticket > .button:last-child');
  await see('ticket');
  await page.click('nav button >> nth=2');
  await page.waitForSelector('.figures');
  await see('status');
  await page.click('nav button >> nth=3');
  await page.waitForSelector('.account-form');
  await see('accounts');
});

accessibility('holds on every screen of headquarters', async () => {
  const page = await world.open(api.hqUrl, { width: 1440, height: 900 });
  await page.waitForSelector('.gate-card');
  await check(page, STAFF_SIZES, 'key');
  await page.fill('#key', HQ_KEY);
  await page.click('.gate-card .primary');
  await page.waitForSelector('.event-table');
  await check(page, STAFF_SIZES, 'fleet');
  api.hq.fleet = [];
  await page.waitForSelector('.notice');
  await check(page, STAFF_SIZES, 'empty fleet');
});

accessibility('reports no script error, console error or policy violation', () => {
  assert.equal(world.faults, []);
});

accessibility.run();
