import { quote } from '../../core/quote.ts';
import { npmTarball } from '../../host/npm-tarball.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

export const runtime: Kind<'runtime', string | undefined> = {
  kind: 'runtime',
  snippet: (specs) =>
    specs
      .map(({ id, path }) => {
        const [node, mark] = [quote(`${path}/bin/node`), quote(`${path}/.integrity`)];
        return `[ -x ${node} ] && [ -r ${mark} ] && printf '%s\\t%s\\n' ${quote(id)} "$(cat ${mark})"`;
      })
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const found = new Map(rows(text).map((row) => [row[0]!, row[1]!]));
    return new Map(specs.map((spec) => [spec.id, found.get(spec.id)]));
  },
  diff: (spec, integrity) => {
    if (integrity === spec.integrity) return undefined;
    const why = integrity === undefined ? 'not there yet' : 'made from another package';
    return changeOf(spec, integrity === undefined ? 'create' : 'update', `Node ${spec.version} in ${spec.path}`, why);
  },
  // Comes from the operator's machine, so that the host needs no npm registry. Unpacked beside its place and renamed.
  apply: async (spec, _change, { host, progress }) => {
    const content = await npmTarball(spec.packageName, spec.version, spec.integrity);
    progress(`uploading ${(content.length / 2 ** 20).toFixed(0)} MiB`);
    const archive = `${spec.path}.tgz`;
    await host.put({ path: archive, content, mode: '0600', uid: 0, gid: 0 });
    const [tgz, path, next] = [quote(archive), quote(spec.path), quote(`${spec.path}.next`)];
    await must(
      host,
      `set -eu
rm -rf -- ${next}
mkdir -p ${next}
tar -xzf ${tgz} -C ${next} --strip-components=1 --no-same-owner package/bin/node
[ "$(${next}/bin/node --version)" = ${quote(`v${spec.version}`)} ]
printf '%s' ${quote(spec.integrity)} > ${next}/.integrity
sync ${next}/bin/node ${next}/.integrity
rm -rf -- ${path}
mv -T ${next} ${path}
rm -f -- ${tgz}`,
      {
        what: `Node ${spec.version} could not be unpacked on the host`,
        next: 'check free space with `df -h /opt` and that the host is x86_64 or aarch64 with glibc, then run the deploy again',
        timeout: 120,
      },
    );
  },
};
