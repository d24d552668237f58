import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDemoWorld } from '../../src/commands/smoke/demo-world.ts';
import { launchChromium } from '../support/browser.ts';

const KIOSK = { width: 1080, height: 1920 };
const DESK = { width: 1440, height: 900 };
/** Where to put screenshots of the real pages; none are taken without it. */
const SHOTS = process.env['ZHANGGUI_SHOTS'];

const folder = await mkdtemp(join(tmpdir(), 'zhanggui-browser-'));
const world = await createDemoWorld({ root: resolve('.'), folder, extension: 'ts' });
await world.startHq();
await world.startBox();
const browser = await launchChromium();

const story = suite('the real box in a real browser');

story.after(async () => {
  await browser.close();
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(path: string, viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    locale: 'zh-CN',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`https://localhost:${world.boxPort}${path}`);
  return page;
}

async function ask(page: Page, text: string): Promise<void> {
  const before = await page.locator('.reply').count();
  await page.fill('#question', text);
  await page.click('.composer-send');
  await page.locator('.reply').nth(before).waitFor();
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

story('goes from a question to a person and back', async () => {
  const kiosk = await open('/', KIOSK);
  await kiosk.waitForSelector('.start');
  await shoot(kiosk, 'start');
  await ask(kiosk, '我的银行卡丢了，怎么办？');
  await kiosk.waitForSelector('.reply h2:has-text("银行卡丢失")');
  await shoot(kiosk, 'kiosk');
  await ask(kiosk, 'I was charged twice for one order');
  await kiosk.waitForSelector('.reply[lang=en] h2:has-text("Charged twice")');

  const staff = await open('/staff', DESK);
  const [, name = '', password = ''] =
    /^first sign-in: (\S+) \/ (\S+)/m.exec(world.box.lines.join('\n')) ?? [];
  await staff.fill('input[name=name]', name);
  await staff.fill('input[name=password]', password);
  await staff.click('button[type=submit]');
  await staff.waitForSelector('input[name=next]');
  for (const field of await staff.locator('input[type=password]').all()) {
    const isCurrent = (await field.getAttribute('name')) === 'current';
    await field.fill(isCurrent ? password : 'a-long-Password-2026');
  }
  await staff.click('button[type=submit]');
  await staff.waitForSelector('text=转接');

  await kiosk.click('button:has-text("找人工")');
  await kiosk.waitForSelector('text=/等|稍/');
  await staff.click('.queue-row, [data-escalation], li button:has-text("charged twice")');
  await staff.click('button:has-text("接手")');
  await staff.fill('textarea', '您好，我来帮您查一下这两笔扣款。');
  await staff.keyboard.press('Enter');
  await kiosk.waitForSelector('text=我来帮您查一下这两笔扣款');
  await kiosk.fill('#question', '谢谢，我的电话是13800138000');
  await kiosk.click('.composer-send');
  await staff.waitForSelector('text=[手机号]');
  assert.is(await staff.locator('text=13800138000').count(), 0, 'the number is masked');
  await shoot(staff, 'staff');
  await shoot(kiosk, 'chat');

  await staff.click('button:has-text("结束处理")');
  await staff.locator('form button[type=submit], dialog button:has-text("结束")').first().click();
  await kiosk.click('button:has-text("结束服务")');
  await kiosk.waitForSelector('.start', { timeout: 30_000 });
  assert.is(await kiosk.locator('text=我来帮您查').count(), 0, 'nothing is left on the screen');
});

story.run();
