import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { ImagesSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines } from '../text.ts';
import { type HostImages, imageScript, readImages } from './image-ids.ts';

type Observed = HostImages | undefined;

const missing = (spec: ImagesSpec, present: Observed) => spec.refs.filter((ref) => !present?.has(ref));

export const images: Kind<'images', Observed> = {
  kind: 'images',
  snippet: (specs) => imageScript([...new Set(specs.flatMap(({ refs }) => refs))]),
  parse: (text, specs) => {
    const present = readImages(text);
    return new Map(specs.map((spec) => [spec.id, present]));
  },
  diff: (spec, present) => {
    const wanted = missing(spec, present);
    return wanted.length === 0
      ? undefined
      : changeOf(spec, 'create', `images ${wanted.join(' ')}`, 'not on the host yet');
  },
  // All at once: the slowest decides, and nothing that runs has been touched when one of them cannot be had.
  apply: async (spec, _change, { host, progress }, present) => {
    const results = await Promise.all(
      missing(spec, present).map(async (ref) => {
        const output = await host.run({ script: `docker pull --quiet ${quote(ref)}`, timeout: 1800 });
        progress(`${ref} ${output.code === 0 ? 'pulled' : 'failed'}`);
        return { ref, output };
      }),
    );
    const failed = results.filter(({ output }) => output.code !== 0);
    if (failed.length === 0) return;
    throw new RunbookError('changeFailed', {
      what: `${failed.length === 1 ? 'this image' : 'these images'} could not be pulled: ${failed.map(({ ref }) => ref).join(', ')}`,
      where: host.label,
      cause: failed.map(({ output }) => lastLines(output, 3)).join('\n'),
      next: 'check the name and tag under `images:` in the config, and that the host reaches the registry (npx zx runbooks/doctor.mjs); what ran before still runs',
    });
  },
};
