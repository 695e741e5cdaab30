import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { parseRefs, scan } from '../../../lib/jobs/backup/files/index.ts';
import { bare, git, gitEnvironment } from './repositories.ts';

t.test('a ref that was there before a scan is in it, whatever is packed, pushed and deleted meanwhile', async (t) => {
  const root = `${t.testdir()}/repositories`;
  const directory = bare(root, 'ann/hot.git');
  const value = git(directory, ['rev-parse', 'main']).trim();

  // Each round makes loose refs, says so, and packs them, which takes each away with its directory.
  const names = (round: number) => Array.from({ length: 20 }, (_, index) => `refs/pull/${round}-${index}/head`);
  const writer = spawn(
    'sh',
    [
      '-c',
      `for round in $(seq 40); do
         for index in $(seq 0 19); do echo "create refs/pull/$round-$index/head ${value}"; done | git update-ref --stdin || exit 1
         git update-ref refs/heads/short-$round ${value} || exit 1
         echo $round
         git pack-refs --all --prune || exit 1
         git update-ref -d refs/heads/short-$round || exit 1
       done`,
    ],
    { cwd: directory, env: gitEnvironment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let rounds = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    rounds += text.split('\n').length - 1;
  });
  const end = once(writer, 'close');
  const lost = new Set<string>();
  let scans = 0;
  while (writer.exitCode === null && writer.signalCode === null) {
    const before = Array.from({ length: rounds }, (_, index) => names(index + 1)).flat();
    const { refs, degraded } = await scan(root);
    const found = [...parseRefs(refs)][0]?.refs;
    for (const name of before) if (found?.get(name) !== value) lost.add(name);
    for (const sentence of degraded) lost.add(sentence);
    scans += 1;
  }
  t.same(await end, [0, null]);
  t.ok(scans > 40, `${scans} scans`);
  t.same([...lost], []);
  t.equal(git(directory, ['for-each-ref', 'refs/pull']).split('\n').length - 1, 800);
});
