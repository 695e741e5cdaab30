import { placeholderMark } from '../../core/placeholder.ts';
import { quote } from '../../core/quote.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

/**
 * The name stands in subjectAltName alone: a common name is at most 64 characters long, and nobody reads it any more.
 * `current` in the certificate directory is a link to one folder with fullchain.pem and privkey.pem, so that the pair
 * changes in one step. Nginx cannot start without it, and the ACME server cannot be answered without Nginx.
 */
export const placeholder: Kind<'placeholder', boolean> = {
  kind: 'placeholder',
  snippet: (specs) =>
    specs
      .map(({ id, directory }) => {
        const pair = ['fullchain', 'privkey'].map((name) => `[ -s ${quote(`${directory}/current/${name}.pem`)} ]`);
        return `${pair.join(' && ')} && printf '%s\\n' ${quote(id)}`;
      })
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const present = new Set(rows(text).map(([id]) => id));
    return new Map(specs.map((spec) => [spec.id, present.has(spec.id)]));
  },
  diff: (spec, present) =>
    present
      ? undefined
      : changeOf(spec, 'create', `placeholder certificate for ${spec.domain}`, 'Nginx cannot start without one'),
  apply: async (spec, _change, { host }) => {
    const directory = quote(`${spec.directory}/placeholder`);
    await must(
      host,
      `set -eu
umask 077
install -d -m 0700 -o ${spec.uid} -g ${spec.uid} ${directory}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \\
  -subj ${quote(`/O=${placeholderMark}`)} -addext ${quote(`subjectAltName=DNS:${spec.domain}`)} \\
  -keyout ${directory}/privkey.pem -out ${directory}/fullchain.pem
chown ${spec.uid}:${spec.uid} ${directory}/*.pem
ln -sfnT placeholder ${quote(`${spec.directory}/current.next`)}
mv -fT ${quote(`${spec.directory}/current.next`)} ${quote(`${spec.directory}/current`)}`,
      {
        what: 'the placeholder certificate could not be made',
        next: 'run `openssl version` on the host, then the deploy again',
      },
    );
  },
};
