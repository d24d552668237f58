import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowserWorld } from '../support/browser.ts';

const PORTRAIT = { width: 1080, height: 1920 };
const world = await openBrowserWorld();
const { api } = world;
const kiosk = suite('kiosk');

async function openKiosk(): Promise<Page> {
  const page = await world.open(api.url, PORTRAIT);
  await page.waitForSelector('.start');
  return page;
}

async function ask(page: Page, text: string): Promise<void> {
  await page.fill('#question', text);
  await page.click('.composer-send');
}

const lastVisit = () => [...api.box.visits.values()].at(-1);

kiosk.after(() => world.close());

kiosk('answers a question that was typed in pinyin on its own keyboard', async () => {
  const page = await openKiosk();
  await page.click('#question');
  await page.waitForSelector('.candidates-typed:not(:empty)', { state: 'detached' });
  for (const key of 'wodeyinhangkadiule') await page.click(`.keys [data-skbtn="${key}"]`);
  await page.click('.candidates button:text-is("我的银行卡丢了")');
  assert.is(await page.inputValue('#question'), '我的银行卡丢了');
  await page.click('.composer-send');
  await page.waitForSelector('.reply h2:text-is("银行卡丢了怎么办")');
  assert.is(await page.locator('.steps li').count(), 3);
  assert.is(await page.locator('.keyboard').count(), 0, 'the keyboard makes room for the answer');
});

kiosk('sends letters that are still being composed as they were typed', async () => {
  const page = await openKiosk();
  await page.click('#question');
  await page.click('.keys [data-skbtn="k"]');
  await page.click('.keys [data-skbtn="a"]');
  await page.click('.composer-send');
  await page.waitForSelector('.said:has-text("ka")');
});

kiosk('answers in English with an English keyboard and the right lang attributes', async () => {
  const page = await openKiosk();
  await page.click('.language-switch [lang=en]');
  await page.click('#question');
  for (const key of ['{shift}', 'L', 'o', 's', 't']) {
    await page.click(`.keys [data-skbtn="${key}"]`);
  }
  assert.is(await page.inputValue('#question'), 'Lost');
  await page.click('.composer-send');
  await page.waitForSelector('.reply[lang=en]');
  assert.is(await page.getAttribute('html', 'lang'), 'en');
});

kiosk('asks back with large choices and always offers a person', async () => {
  const page = await openKiosk();
  await ask(page, '卡');
  await page.waitForSelector('.choices-large');
  assert.is(await page.locator('.choices-large [data-action=person]').count(), 1);
  const box = await page.locator('.choices-large .choice').first().boundingBox();
  assert.ok(box && box.height >= 64, 'a finger needs 64 px');
  await page.click('.choices-large .choice:has-text("银行卡丢了")');
  await page.waitForSelector('.rating');
  assert.is(await page.locator('.choices-large').count(), 0, 'old choices are gone');
  await page.click('.rating button >> nth=0');
  await page.waitForSelector('.rating:has-text("谢谢")');
});

kiosk('keeps a refused question and sends it again with the same key', async () => {
  const page = await openKiosk();
  api.box.refuseNextTurn = 'MODEL_QUEUE_FULL';
  await ask(page, '银行卡丢了');
  await page.waitForSelector('.refusal:has-text("现在有点忙")');
  assert.is(await page.locator('.said').textContent(), '您说: 银行卡丢了');
  await page.click('.refusal button');
  await page.waitForSelector('.reply');
  assert.is(await page.locator('.refusal').count(), 0);
});

kiosk('opens a new visit when the server no longer knows the old one', async () => {
  const page = await openKiosk();
  await ask(page, '银行卡丢了');
  await page.waitForSelector('.reply');
  const visit = lastVisit();
  if (visit) visit.isOver = true;
  await ask(page, '怎么办');
  await page.click('.refusal button');
  await page.waitForSelector('.exchange >> nth=1 >> .reply');
  assert.is.not(lastVisit(), visit);
});

kiosk('comes back by itself when an answer got lost, and asks only once', async () => {
  const page = await openKiosk();
  api.box.isNextAnswerLost = true;
  await ask(page, '银行卡丢了');
  await page.waitForSelector('.cover:has-text("柜台")');
  api.box.isAway = false;
  await page.waitForSelector('.reply');
  assert.is(await page.locator('.cover').count(), 0);
  assert.is(lastVisit()?.turns.length, 1);
});

kiosk('waits for a person, talks with them, and goes on with the box', async () => {
  const page = await openKiosk();
  await ask(page, '未知业务');
  await page.waitForSelector('.person-card:has-text("第 2 位")');
  const row = api.box.escalations.at(0);
  assert.ok(row);
  api.box.changeEscalation(row.id, { status: 'claimed', holder: 'li', holderName: '李掌柜' });
  api.box.say(row.sessionId, { at: 1, from: 'agent', author: '李掌柜', text: '请到 3 号柜台' });
  await page.waitForSelector('.from-person:has-text("请到 3 号柜台")');
  await page.waitForSelector('.person-card:has-text("李掌柜")');
  await ask(page, '好的');
  await page.waitForSelector('.said:has-text("好的")');
  await page.waitForSelector('.thinking', { state: 'detached' });
  assert.is(lastVisit()?.messages.at(-1)?.text, '好的');
  api.box.changeEscalation(row.id, { status: 'resolved' });
  await page.waitForSelector('.note:has-text("处理完")');
  assert.is(await page.locator('.person-card').count(), 0);
});

kiosk('catches up with what a person said while the line was down', async () => {
  const page = await openKiosk();
  await ask(page, '未知业务');
  await page.waitForSelector('.person-card');
  const row = api.box.escalations.at(0);
  assert.ok(row);
  api.box.dropStreams();
  api.box.changeEscalation(row.id, { status: 'claimed', holder: 'li', holderName: '李掌柜' });
  api.box.say(row.sessionId, { at: 2, from: 'agent', author: '李掌柜', text: '听得到吗' });
  await page.waitForSelector('.from-person:has-text("听得到吗")');
  await ask(page, '听到了');
  await page.waitForSelector('.delivered');
  api.box.dropStreams();
  api.box.changeEscalation(row.id, { status: 'resolved' });
  await page.waitForSelector('.note:has-text("处理完")');
  assert.is(await page.locator('.from-person').count(), 1, 'nothing is told twice');
});

kiosk(
  'offers the call-back form first when nobody is online, and gives a ticket number',
  async () => {
    const page = await openKiosk();
    api.box.isStaffOnline = false;
    await page.click('.bar-person');
    await page.click('.person-card .primary');
    api.box.isStaffOnline = true;
    await page.click('.form-sheet .primary');
    await page.waitForSelector('.field-error');
    assert.is(await page.locator('.field-error').count(), 3, 'every slot that is missing says so');
    await page.fill('#slot-contact_name', '张伟');
    await page.click('#slot-contact_phone');
    for (const digit of '13800138000') await page.click(`.keys [data-skbtn="${digit}"]`);
    await page.click('.option >> nth=1');
    await page.click('.form-sheet .primary');
    await page.waitForSelector('.review dd:has-text("下午")');
    api.box.refuseNextForm = { contact_phone: '这个号码打不通。' };
    await page.click('.form-sheet .primary');
    await page.waitForSelector('.field-error:has-text("打不通")');
    await page.fill('#slot-contact_phone', '13900139000');
    await page.click('.form-sheet .primary');
    await page.click('.review ~ .form-buttons .primary');
    const number = await page.locator('.ticket-number').textContent();
    assert.is(number, api.box.tickets.at(0)?.number);
    assert.ok(await page.isVisible('.qr[role=img]'));
    assert.equal(api.box.tickets.at(0)?.fields, {
      contact_name: '张伟',
      contact_phone: '13900139000',
      best_time: 'afternoon',
    });
  },
);

kiosk('leaves nothing behind when the visit ends', async () => {
  const page = await openKiosk();
  const entries = await page.evaluate(() => history.length);
  await ask(page, '我的秘密是芝麻开门');
  await page.waitForSelector('.reply');
  await page.clock.install();
  await page.click('.bottom-bar button >> nth=2');
  await page.waitForSelector('.thanks-sign');
  assert.not.match(await page.content(), '芝麻');
  assert.is(lastVisit()?.isOver, true, 'the server was told');
  for (let second = 0; second < 6; second += 1) await page.clock.runFor(1000);
  await page.waitForSelector('.start');
  assert.not.match(await page.content(), '芝麻');
  const left = await page.evaluate(() => [
    history.length,
    localStorage.length,
    sessionStorage.length,
    document.cookie,
  ]);
  assert.equal(left, [entries, 0, 0, '']);
});

kiosk('warns before an idle visit ends, and ends it when nobody answers', async () => {
  const page = await openKiosk();
  await page.clock.install();
  await page.click('.topic >> nth=0');
  await page.waitForSelector('.reply');
  await page.clock.runFor(105_000);
  await page.click('.idle .primary');
  await page.waitForSelector('.idle', { state: 'detached' });
  assert.ok(await page.isVisible('.reply'), 'whoever is still there goes on');
  await page.clock.runFor(105_000);
  await page.waitForSelector('.idle');
  await page.clock.runFor(20_000);
  await page.waitForSelector('.thanks-sign');
  assert.is(lastVisit()?.isOver, true);
});

kiosk('begins anew within the visit', async () => {
  const page = await openKiosk();
  await page.click('.topic >> nth=0');
  await page.waitForSelector('.reply');
  await page.click('.bottom-bar button >> nth=1');
  await page.waitForSelector('.start');
  assert.is(await page.locator('.said').count(), 0);
  assert.is(lastVisit()?.isOver, false);
});

kiosk('reports no script error, console error or policy violation', () => {
  assert.equal(world.faults, []);
});

kiosk.run();
