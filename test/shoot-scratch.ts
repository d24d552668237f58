import { openBrowserWorld, findViolations } from './support/browser.ts';
const only = process.argv[2] ?? '';
const D='/tmp/pages-shots';
const w = await openBrowserWorld();
const { api } = w;
const sizes = { portrait: {width:1080,height:1920}, landscape: {width:1920,height:1080} };
const shot = async (p:any, name:string) => { await p.waitForTimeout(350); await p.screenshot({path:`${D}/${name}.png`}); const v=await findViolations(p); console.log(name, v.length? v: 'ok'); };
try {
if (!only || only==='kiosk') for (const [n, size] of Object.entries(sizes)) {
  const p = await w.open(api.url, size);
  await p.waitForSelector('.start');
  await shot(p, `kiosk-${n}-start-zh`);
  await p.click('.composer-field');
  await p.waitForSelector('.keys button');
  await p.waitForTimeout(800);
  for (const k of 'wodeyinhangkadiule') await p.click(`.keys button[data-skbtn="${k}"]`);
  await shot(p, `kiosk-${n}-keyboard-zh`);
  await p.click('.candidates li:first-child button');
  await p.click('.composer-send');
  await p.waitForSelector('.reply');
  await shot(p, `kiosk-${n}-answer-zh`);
  await p.fill('.composer-field', '卡'); await p.click('.composer-send');
  await p.waitForSelector('.choices-large');
  await shot(p, `kiosk-${n}-choose-zh`);
  await p.click('.choices-large [data-action=person]');
  await p.waitForSelector('.person-card');
  await shot(p, `kiosk-${n}-waiting-zh`);
  const e = api.box.escalations[0]!;
  api.box.changeEscalation(e.id, {status:'claimed', holder:'li', holderName:'李掌柜'});
  api.box.say(e.sessionId, {at:Date.now(), from:'agent', author:'李掌柜', text:'您好，我是大堂经理。请到 3 号柜台，我在那里等您。'});
  await p.waitForSelector('.from-person');
  await p.fill('.composer-field', '好的，马上过去'); await p.click('.composer-send');
  await shot(p, `kiosk-${n}-chat-zh`);
  api.box.changeEscalation(e.id, {status:'resolved', outcome:'solved'});
  api.box.isStaffOnline=false;
  await p.waitForTimeout(300);
  await p.click('.bar-person');
  await p.waitForSelector('.person-card');
  await shot(p, `kiosk-${n}-nobody-zh`);
  api.box.isStaffOnline=true;
  await p.click('.person-card .button');
  await p.waitForSelector('.form-sheet');
  await shot(p, `kiosk-${n}-form-zh`);
  await p.click('.form-buttons .primary');
  await p.waitForSelector('.field-error');
  await shot(p, `kiosk-${n}-form-errors-zh`);
  await p.fill('#slot-contact_name','张伟'); await p.fill('#slot-contact_phone','13800138000'); await p.click('.option');
  await p.click('.day-buttons .button:nth-child(2)');
  await p.click('#slot-contact_phone');
  await shot(p, `kiosk-${n}-form-digits-zh`);
  await p.click('.form-buttons .primary');
  await p.waitForSelector('.review');
  await shot(p, `kiosk-${n}-review-zh`);
  await p.click('.form-buttons .primary');
  await p.waitForSelector('.ticket-number');
  await shot(p, `kiosk-${n}-ticket-zh`);
  await p.click('.ticket .primary');
  await p.waitForSelector('.thanks-sign');
  await shot(p, `kiosk-${n}-thanks-zh`);
  // english
  const q = await w.open(api.url, size);
  await q.waitForSelector('.start');
  await q.click('.language-switch button:last-child');
  await shot(q, `kiosk-${n}-start-en`);
  await q.click('.composer-field'); await q.waitForSelector('.keys button');
  await shot(q, `kiosk-${n}-keyboard-en`);
  await q.fill('.composer-field','I lost my bank card'); await q.click('.composer-send');
  await q.waitForSelector('.reply');
  await shot(q, `kiosk-${n}-answer-en`);
  api.box.refuseNextTurn='MODEL_QUEUE_FULL';
  await q.fill('.composer-field','What are the fees?'); await q.click('.composer-send');
  await q.waitForSelector('.refusal');
  await shot(q, `kiosk-${n}-refused-en`);
  api.box.turnDelayMs=1500;
  await q.click('.refusal .button'); await q.waitForSelector('.thinking');
  await shot(q, `kiosk-${n}-thinking-en`);
  await q.waitForTimeout(1500); api.box.turnDelayMs=0;
  api.box.isAway=true;
  await q.fill('.composer-field','And now?'); await q.click('.composer-send');
  await q.waitForSelector('.cover');
  await shot(q, `kiosk-${n}-away-en`);
  api.box.isAway=false;
  await q.waitForSelector('.cover', {state:'detached'});
  api.box.kiosk={...api.box.kiosk, idleSeconds:4};
  const r = await w.open(api.url, size); await r.click('.topic'); await r.waitForSelector('.idle');
  await shot(r, `kiosk-${n}-idle-zh`);
  api.box.kiosk={...api.box.kiosk, idleSeconds:120, topics: api.box.kiosk.topics};
}
if (!only || only==='phone') { const p = await w.open(api.url, {width:390,height:844}); await p.waitForSelector('.start'); await shot(p,'kiosk-phone-start-zh'); await p.click('.topic'); await p.waitForSelector('.reply'); await shot(p,'kiosk-phone-answer-zh'); }
if (!only || only==='staff') {
  const b = api.box; b.escalations.length=0; b.tickets.length=0;
  const visit = {id:'vx', token:'x', turns:[] as any[], messages:[] as any[], answers:new Map(), isOver:false};
  const { makeTurn } = await import('./support/fake-api/samples.ts');
  b.visits.set('vx', visit);
  visit.turns.push(makeTurn(1,'银行卡丢了怎么办',{isTapped:false,isRelay:false}), makeTurn(2,'卡',{isTapped:false,isRelay:false}), makeTurn(3,'未知业务：我想冻结孩子的账户',{isTapped:false,isRelay:false}));
  for (const [n,size] of Object.entries({desktop:{width:1440,height:900}, phone:{width:390,height:844}})) {
    b.escalations.length=0; b.tickets.length=0; b.me=null; b.mustChangePassword=true;
    const p = await w.open(api.url+'/staff', size);
    await p.waitForSelector('.gate-card'); await shot(p, `staff-${n}-signin-zh`);
    await p.fill('#name','li'); await p.fill('#password','nope nope nope'); await p.click('.gate-card .primary'); await p.waitForSelector('.field-error');
    await shot(p, `staff-${n}-signin-refused-zh`);
    await p.fill('#password','correct horse battery'); await p.click('.gate-card .primary');
    await p.waitForSelector('#next'); await shot(p, `staff-${n}-password-zh`);
    await p.fill('#next','a long new password'); await p.fill('#repeat','a long new password'); await p.click('.gate-card .primary');
    await p.waitForSelector('.workbench'); await shot(p, `staff-${n}-empty-zh`);
    b.escalate('vx',{summary:'未知业务：我想冻结孩子的账户', reason:'not_understood', openedAt:Date.now()-95000});
    b.escalate('s2',{summary:'I was charged twice for one order and nobody answers the phone', reason:'complaint', priority:'high', language:'en', skillTitle:{zh:'投诉',en:'Complaints'}, openedAt:Date.now()-340000});
    b.escalate('s3',{summary:'卡里的钱被盗刷了', reason:'customer_asked', priority:'urgent', openedAt:Date.now()-20000});
    b.escalate('s4',{summary:'想换一张新的存折', status:'claimed', holder:'wang', holderName:'王小二', openedAt:Date.now()-600000});
    b.escalate('s5',{summary:'外币怎么兑换', status:'resolved', holder:'wang', holderName:'王小二', outcome:'customer_left', resolvedAt:Date.now()-900000, openedAt:Date.now()-1600000});
    b.openTicket({contact_name:'张*', contact_phone:'138****8000', best_time:'morning', topic:'信用卡年费'}, {sessionId:'vx', priority:'high'});
    b.openTicket({contact_name:'L*', contact_phone:'139****0000', best_time:'any'}, {status:'in_progress', dueAt: Date.now()-60000, language:'en'});
    b.openTicket({contact_name:'王*', contact_phone:'137****1234', best_time:'any'}, {status:'done', assignee:'李掌柜'});
    await p.waitForSelector('.queue-row');
    await shot(p, `staff-${n}-queue-zh`);
    await p.click('.queue-row:has-text("孩子")'); await p.waitForSelector('.transcript');
    await shot(p, `staff-${n}-open-zh`);
    await p.click('.talk-buttons .primary'); await p.waitForSelector('.chat-box');
    await p.fill('#message','您好，我是李掌柜，马上为您处理。'); await p.press('#message','Enter');
    await p.waitForSelector('.from-agent');
    b.say('vx',{at:Date.now(),from:'customer',author:null,text:'好的，谢谢'});
    await shot(p, `staff-${n}-chat-zh`);
    if (n==='phone') { await p.click('.talk-buttons .phone-only'); await shot(p, `staff-${n}-side-zh`); await p.click('.pane-side .phone-only'); }
    await p.click('.talk-buttons .primary'); await p.waitForSelector('.resolve'); await shot(p, `staff-${n}-resolve-zh`);
    await p.click('.resolve .primary'); await p.waitForSelector('.standing'); await shot(p, `staff-${n}-resolved-zh`);
    await p.click('nav button:nth-child(2)'); await p.waitForSelector('.queue-row'); await shot(p, `staff-${n}-tickets-zh`);
    await p.click('.queue-row'); await p.waitForSelector('.fields'); await p.click('.ticket > .button:last-child'); await p.waitForSelector('.reveal'); await shot(p, `staff-${n}-reveal-zh`);
    await p.fill('#reason','客户要求回电'); await p.click('.reveal .primary'); await p.waitForSelector('.revealed'); await shot(p, `staff-${n}-revealed-zh`);
    await p.click('nav button:nth-child(3)'); await p.waitForSelector('.figures'); await shot(p, `staff-${n}-status-zh`);
    await p.click('nav button:nth-child(4)'); await p.waitForSelector('.account-form'); await shot(p, `staff-${n}-accounts-zh`);
    await p.fill('#account-name','zhao'); await p.fill('#account-display','赵四'); await p.click('.account-form .primary'); await p.waitForSelector('.one-time'); await shot(p, `staff-${n}-onetime-zh`);
    await p.click('.language-switch button:last-child'); await p.click('nav button:nth-child(1)'); await p.waitForTimeout(200);
    if (n==='phone') { await p.click('.talk-head .phone-only'); }
    await p.click('.queue-row:has-text("charged")'); await p.waitForSelector('.talk-head');
    await shot(p, `staff-${n}-open-en`);
    await p.click('nav button:nth-child(3)'); await p.waitForSelector('.figures'); await shot(p, `staff-${n}-status-en`);
  }
}
if (!only || only==='hq') {
  const size={width:1440,height:900};
  const p = await w.open(api.hqUrl, size); await p.waitForSelector('.gate-card'); await shot(p,'hq-signin-zh');
  await p.fill('#key','open sesame'); await p.click('.gate-card .primary'); await p.waitForSelector('.event-table'); await shot(p,'hq-fleet-zh');
  await p.click('.language-switch button:last-child'); await shot(p,'hq-fleet-en');
  api.hq.fleet=[]; await p.waitForTimeout(2300); await shot(p,'hq-empty-en');
}
} finally { await w.close().catch(e=>console.log(String(e))); }
