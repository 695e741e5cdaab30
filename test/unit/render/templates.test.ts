import { mkdirSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { templatesFrom } from '../../../lib/render/templates.ts';

t.test('finds a template below its root, once read always the same', async (t) => {
  const root = t.testdir({ nginx: { 'nginx.conf.eta': 'one' } });
  const templates = templatesFrom(root);
  t.equal(templates('nginx/nginx.conf'), 'one');
  writeFileSync(`${root}/nginx/nginx.conf.eta`, 'two');
  t.equal(templates('nginx/nginx.conf'), 'one');
});

t.test('an unknown template and a name that leads out of the folder are errors', async (t) => {
  const root = t.testdir({ inside: {} });
  writeFileSync(`${root}/secret.eta`, 'no');
  mkdirSync(`${root}/inside`, { recursive: true });
  const templates = templatesFrom(`${root}/inside`);
  t.throws(() => templates('missing'), /ENOENT/);
  for (const name of ['../secret', '/etc/passwd', 'a/../../secret', '']) {
    t.throws(() => templates(name), /not a template name/, name);
  }
});
