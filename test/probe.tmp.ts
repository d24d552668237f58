import { loadPacks } from '../src/config/load-packs.ts';
import { EncoderEngine } from '../src/inference/encoder-engine.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { decide } from '../src/dialogue/decide.ts';
import { readFileSync } from 'node:fs';
const log = { debug(){}, info(m:string,f:unknown){console.log(m,JSON.stringify(f))}, warn: console.log, error: console.log };
const packs = await loadPacks('models/packs', ['banking','ecommerce']);
const e = new EncoderEngine({encoderFolder:'models/encoder', cacheFolder:'/tmp/zg-cache'}, {clock: systemClock, log});
await e.start(new AbortController().signal);
console.log(await e.activate({...packs, statedErrorRate: 0.05}));
const th = e.thresholds();
for (const t of ['火星上的企鹅几点下班？','那木星上的呢，帮我算一下轨道','帮我写一首关于大海的诗','How tall is Mount Everest?','量子力学是什么','嗯','who won the world cup','给我推荐一部电影']) {
  const u = await e.understand(t, 5000);
  console.log(t, decide(u.candidates, th, 0).kind, u.candidates.slice(0,3).map(c=>c.intent+' '+c.probability.toFixed(3)).join(' | '), JSON.stringify(u.stagesMs));
}
for (const split of ['test','calibration']) for (const lang of ['zh','en']) {
  const rows = ['banking','ecommerce','common'].flatMap(p=>readFileSync(`models/packs/${p}/${split}.${lang}.tsv`,'utf8').split('\n').filter(Boolean).map(l=>l.split('\t') as [string,string]));
  const oos = readFileSync(`models/packs/common/out-of-scope${split==='test'?'-test':''}.${lang}.tsv`,'utf8').split('\n').filter(Boolean).map(l=>l.split('\t')[0]!);
  let ok=0, ans=0, wrong=0, route:Record<string,number>={}; const misses:string[]=[];
  for (const [t,l] of rows) { const u=await e.understand(t,10000); const top=u.candidates[0]!; if(top.intent===l) ok++; else misses.push(`${t}\t${l}\t${top.intent} ${top.probability.toFixed(2)}`); const d=decide(u.candidates,th,0); route[d.kind]=(route[d.kind]??0)+1; if(d.kind==='answer'){ans++; if(d.intent!==l) wrong++;} }
  let oosRoute:Record<string,number>={};
  for (const t of oos){const u=await e.understand(t,10000); const d=decide(u.candidates,th,0); oosRoute[d.kind]=(oosRoute[d.kind]??0)+1;}
  console.log(split, lang, rows.length, 'top1', (ok/rows.length).toFixed(4), JSON.stringify(route),'wrong among answered',wrong, 'oos', JSON.stringify(oosRoute));
  if(split==='test') console.log(misses.join('\n'));
}
await e.stop();
