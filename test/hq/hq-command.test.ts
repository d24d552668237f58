import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApplianceError } from '../../src/domain/errors.ts';
import { parseHqCommand } from '../../src/hq/hq-command.ts';

const test = suite('hq command');

test('starts with sensible values when nothing is said', () => {
  assert.equal(parseHqCommand([]), {
    command: 'start',
    dataDir: 'data/hq',
    host: '0.0.0.0',
    port: 9443,
    pagePort: 9444,
    names: [],
    pagesDir: 'dist/pages',
    modelsDir: null,
    cacheDir: 'data/models',
    packs: ['banking', 'ecommerce'],
    appliance: null,
  });
});

test('takes its flags', () => {
  const argv = ['token', '--appliance', 'box-1', '--port', '0', '--name', 'a.example'];
  const command = parseHqCommand([...argv, '--name', '192.0.2.1', '--packs', 'banking']);
  assert.is(command.command, 'token');
  assert.is(command.appliance, 'box-1');
  assert.is(command.port, 0);
  assert.equal(command.names, ['a.example', '192.0.2.1']);
  assert.equal(command.packs, ['banking']);
  assert.is(parseHqCommand(['--help', 'start']).command, 'help');
});

test('says what it did not understand', () => {
  for (const argv of [
    ['fly'],
    ['--port', '70000'],
    ['--port', 'x'],
    ['--speed'],
    ['start', 'token'],
  ]) {
    assert.throws(
      () => parseHqCommand(argv),
      (error: unknown) => error instanceof ApplianceError && error.code === 'COMMAND_USAGE',
      argv.join(' '),
    );
  }
});

test.run();
