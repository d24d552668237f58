import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeGroup } from '../../../src/vault/ledger/encode-group.ts';
import { CHAIN_START, openFrame, readFrame } from '../../../src/vault/ledger/frame.ts';
import { decodeBody } from '../../../src/vault/ledger/frame-events.ts';
import { createHeader, readHeader } from '../../../src/vault/ledger/segment-header.ts';
import { createIndex } from '../../../src/vault/ledger/segment-index.ts';
import { openFrames } from '../../../src/vault/ledger/segment-walk.ts';

const wrapKey = randomBytes(32);
const before = { sequence: 41, lanes: [3, 30, 8] as const, chain: CHAIN_START };
const { bytes: headerBytes, seal } = createHeader(before, 1_000, wrapKey);

const eventText = fc.record({
  lane: fc.constantFrom(0 as const, 1 as const, 2 as const),
  json: fc
    .oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 9_000, minLength: 6_000 }))
    .map((text) => JSON.stringify(text)),
});
const commits = fc.array(fc.array(eventText, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
});

test('what is framed comes out again, with its place', () => {
  fc.assert(
    fc.property(commits, fc.nat(2 ** 40), (given, at) => {
      const index = createIndex('s', { before, seal });
      const group = encodeGroup(given, index, at);
      const buffer = Buffer.concat([Buffer.alloc(index.end), group.bytes, Buffer.alloc(40)]);
      const found = [...openFrames(buffer, index.end, seal)];
      const events = found.flatMap(({ frame, body }) => decodeBody(frame.head, body));
      assert.equal(events, group.events);
      assert.equal(
        events.map(({ json }) => json),
        given.flat().map(({ json }) => json),
      );
      assert.equal(
        events.map(({ place }) => place.sequence),
        events.map((_, i) => 42 + i),
      );
      assert.ok(events.every(({ place }) => place.at === at));
    }),
    { numRuns: 60 },
  );
});

test('a frame with any bit changed does not open', () => {
  const index = createIndex('s', { before, seal });
  const { bytes } = encodeGroup([[{ lane: 1, json: '{"a":1}' }]], index, 5);
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1 - 32 * 8), (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const frame = readFrame(changed, 0);
      assert.ok(frame === null || openFrame(changed, frame, seal) === null);
    }),
  );
});

test('random bytes are never taken for a frame', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const buffer = Buffer.concat([Buffer.from('ZGF1'), bytes]);
      assert.is([...openFrames(buffer, 0, seal)].length, 0);
    }),
  );
});

test('a header comes out again; not with another key, not with any byte changed', () => {
  const header = readHeader(headerBytes, wrapKey);
  assert.equal(header, { before: { ...before, lanes: [3, 30, 8] }, seal });
  assert.is(readHeader(headerBytes, randomBytes(32)), null);
  for (let i = 0; i < headerBytes.length; i++) {
    const changed = Buffer.from(headerBytes);
    changed[i] = (changed[i] ?? 0) ^ 1;
    assert.is(readHeader(changed, wrapKey), null);
  }
});

test('two segments never share a key, even at the same place', () => {
  const other = createHeader(before, 1_000, wrapKey);
  assert.not.equal(other.seal.frameKey, seal.frameKey);
});

test.run();
