import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { cloneScript, lastPushed } from '../../../lib/jobs/drill/visit.ts';

t.test('whoever clones signs in by what git is told in its environment, and by no argument', async (t) => {
  const folder = t.testdir({ 'empty-config': '' });
  // In the place of git: notes its arguments, and what git would send.
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(
    `${folder}/git`,
    `#!/bin/sh\necho "$@" >>${folder}/arguments\n${real} config --get http.extraHeader >>${folder}/headers\n`,
  );
  chmodSync(`${folder}/git`, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: `${folder}/empty-config` };
  execFileSync('sh', ['-s'], { input: cloneScript("o'wner/it", 'main', 'c2VjcmV0'), env });
  t.same(readFileSync(`${folder}/headers`, 'utf8').split('\n')[0], 'Authorization: Basic c2VjcmV0');
  const words = readFileSync(`${folder}/arguments`, 'utf8');
  t.match(words, "clone -q --bare http://gitea:3000/o'wner/it.git /clone/it.git");
  t.notMatch(words, 'c2VjcmV0');
});

t.test('nobody clones what has no files', async (t) => {
  t.notMatch(lastPushed([]), 'not in');
  t.match(
    lastPushed(['ann/a.git', "o'x/b.git"]),
    "and lower(r.owner_name) || '/' || r.lower_name || '.git' not in ('ann/a.git', 'o''x/b.git') order by",
  );
});
