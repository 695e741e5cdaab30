import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const folder = fileURLToPath(new URL('../../../terraform', import.meta.url));
const env = { PATH: process.env.PATH, HOME: process.env.HOME };
const there = spawnSync('terraform', ['version'], { env }).status === 0;

t.test('as terraform fmt leaves it', { skip: !there && 'there is no terraform on the PATH' }, (t) => {
  const { status, stdout, stderr } = spawnSync(
    'terraform',
    [`-chdir=${folder}`, 'fmt', '-check', '-diff', '-recursive'],
    {
      env,
      encoding: 'utf8',
    },
  );
  t.equal(status, 0, `${stdout}${stderr}`);
  t.end();
});
