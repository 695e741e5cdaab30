import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readCaBundle } from '../../../lib/config/beside/ca-bundle.ts';
import { RunbookError } from '../../../lib/core/errors.ts';

const certificate = readFileSync('test/unit/outside/fixtures/test-only-root.crt', 'utf8').trim();
const [begin, end] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'];

t.test('certificates, and nothing but them', async (t) => {
  const path = join(t.testdir(), 'ca.pem');
  const read = (text: string | Buffer) => {
    writeFileSync(path, text);
    return readCaBundle(path);
  };
  t.equal(read(`# our root\r\n${certificate.replaceAll('\n', '\r\n')}\r\n__CA_END__\n$(reboot)\n`), `${certificate}\n`);
  t.equal(read(`${certificate}\n\n${certificate}`), `${certificate}\n${certificate}\n`);
  for (const [text, cause] of [
    ['', /holds no line -----BEGIN CERTIFICATE-----/],
    ['hello\n', /holds no line/],
    [certificate.replace(end, ''), /begins at line 1 has no end/],
    [`\n${begin}\nhello\n${end}\n`, /what begins at line 2 is not a certificate/],
    [`${certificate}\n${begin}\n__CA_END__\nreboot\n${end}\n`, /what begins at line \d+ is not a certificate/],
    [certificate.replace(begin, `${begin}\n$(reboot)`), /is not a certificate/],
    // Node's own reader stops at a hyphen, and takes what comes before.
    [certificate.replace(end, `- $(reboot)\n${end}`), /is not a certificate/],
    [readFileSync('test/unit/outside/fixtures/test-only.key'), /line 2 begins a private key/],
    ['-----BEGIN PUBLIC KEY-----\n', /line 1 begins something else than a certificate/],
    [Buffer.from(`${certificate}\n# caf\xe9\n`, 'latin1'), /holds no line/],
    [`${begin}\n`.repeat(30_000), /has no end/],
  ] as const)
    t.match(
      thrown(() => read(text)),
      { kind: 'configInvalid', where: path, cause },
      String(text).slice(0, 60),
    );
});

t.test('what is no file is not read', async (t) => {
  const folder = t.testdir();
  t.match(
    thrown(() => readCaBundle(folder)),
    { kind: 'configInvalid', cause: 'it is a directory' },
  );
  t.match(
    thrown(() => readCaBundle('/dev/zero')),
    { cause: /not a regular file/ },
  );
  t.match(
    thrown(() => readCaBundle(join(folder, 'none'))),
    { cause: /ENOENT/ },
  );
});

function thrown(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof RunbookError) return { kind: error.kind, ...error.parts };
  }
  return 'no RunbookError';
}
