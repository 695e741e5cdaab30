// Last: the lab of the files before goes, and nothing of it stays.
import t from 'tap';
import { lower, status } from './lab.ts';

t.setTimeout(0);

t.test('the lab is taken down', async (t) => {
  await lower();
  const { up, containers } = await status();
  t.same({ up, containers }, { up: false, containers: [] });
});
