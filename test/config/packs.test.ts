import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SiteFile } from '../../src/config/config-schema.ts';
import { loadPacks } from '../../src/config/load-packs.ts';
import { readYaml } from '../../src/config/read-yaml.ts';
import { Knowledge } from '../../src/dialogue/knowledge.ts';

const shipped = await loadPacks('models/packs', ['banking', 'ecommerce']);

const packs = suite('packs that ship');

packs('hold at least 24 intents each, with at least 15 utterances in each language', () => {
  for (const pack of shipped.packs.filter((one) => one.id !== 'common')) {
    assert.ok(pack.intents.length >= 24, pack.id);
    for (const intent of pack.intents) {
      assert.ok(intent.utterances.zh.length >= 15, intent.id);
      assert.ok(intent.utterances.en.length >= 15, intent.id);
    }
  }
});

packs('have at least 5 held-out questions per intent and language', async () => {
  for (const pack of shipped.packs)
    for (const language of ['zh', 'en']) {
      const source = await readFile(`models/packs/${pack.id}/test.${language}.tsv`, 'utf8');
      const labels = source.split('\n').map((line) => line.split('\t')[1]);
      for (const intent of pack.intents)
        assert.ok(labels.filter((label) => label === intent.id).length >= 5, intent.id);
    }
});

packs('share no near-duplicate between training, calibration and test', async () => {
  const held = await Promise.all(
    shipped.packs.flatMap((pack) =>
      ['zh', 'en'].map((language) =>
        readFile(`models/packs/${pack.id}/test.${language}.tsv`, 'utf8'),
      ),
    ),
  );
  const tests = held.flatMap((source) =>
    source.split('\n').map((line) => line.split('\t')[0] ?? ''),
  );
  const others = [...shipped.training, ...shipped.calibration].map((one) => trigrams(one.text));
  for (const text of tests.filter((line) => line !== '')) {
    const grams = trigrams(text);
    assert.ok(
      others.every((other) => jaccard(grams, other) < 0.8),
      text,
    );
  }
});

packs('are answered in full at the demo site: no fact is missing', async () => {
  const site = await readYaml('firmware-config/sites/demo.yaml', SiteFile);
  if ('problems' in site) return assert.unreachable();
  assert.equal(new Knowledge(shipped.packs, site.value.facts).missingFacts(), []);
});

packs('list every fact that an empty site lacks', () => {
  const missing = new Knowledge(shipped.packs, {}).missingFacts();
  assert.ok(missing.some((one) => one.fact === 'lost_card_line' && one.language === 'zh'));
});

packs.run();

const broken = suite('packs that are wrong');

async function withChange(file: string, change: (source: string) => string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'zhanggui-packs-'));
  try {
    await cp('models/packs', root, { recursive: true });
    const path = join(root, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
    await loadPacks(root, ['banking']);
    return 'no problem';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await rm(root, { recursive: true });
  }
}

const lost = 'banking/intents/lost_card.yaml';

broken('are refused with file, line and what to do', async () => {
  const typo = await withChange(lost, (source) => source.replace(/^urgency:.*$/m, 'urgency: soon'));
  assert.match(typo, /PACK_INVALID/);
  assert.match(typo, /lost_card\.yaml:\d+: urgency: /);
  assert.not.match(typo, /lost_card\.yaml:1:/);
  assert.match(await withChange(lost, () => 'id: [unclosed'), /lost_card\.yaml:1: /);
});

broken('are refused when they refer to what does not exist', async () => {
  const form = await withChange(lost, (source) => source.replace(/^form:.*$/m, 'form: nowhere'));
  assert.match(form, /form "banking\.nowhere" is not in pack\.yaml/);
  const fact = await withChange(lost, (source) => source.replace('{{lost_card_line}}', '{{moon}}'));
  assert.match(fact, /fact "moon" is declared by no active pack/);
  const skill = await withChange(lost, (source) => source.replace(/^skill:.*$/m, 'skill: magic'));
  assert.match(skill, /skill "magic" is not in pack\.yaml/);
});

broken('are refused when two intents share an utterance', async () => {
  const taken = shipped.training.find((one) => one.intent === 'banking.forgot_pin')?.text ?? '';
  const twin = await withChange(lost, (source) =>
    source.replace(
      /(^utterances:\s+zh:\s+)/m,
      (start) => `${start}- ${JSON.stringify(taken)}\n    `,
    ),
  );
  assert.match(
    twin,
    /is an utterance of banking\.forgot_pin too|is an utterance of banking\.lost_card too/,
  );
});

broken.run();

function trigrams(text: string): Set<string> {
  const clean = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, '');
  const grams = new Set<string>();
  for (let at = 0; at < Math.max(1, clean.length - 2); at += 1) grams.add(clean.slice(at, at + 3));
  return grams;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared += 1;
  return shared / (a.size + b.size - shared);
}
