import { RunbookError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { quote } from '../core/quote.ts';
import type { SshdSpec } from '../core/spec.ts';
import type { Reconnectable } from '../host/port.ts';
import type { Kind } from './kind.ts';
import { changeOf, must, rows } from './text.ts';
import { parseTimestamp } from './unit.ts';

interface Observed {
  readonly hash: string | undefined;
  /** sshd runs, and started before the file was written. */
  readonly stale: boolean;
}

const keep = '/run/gitea-runbooks/sshd.previous';
const timer = 'gitea-runbooks-sshd-revert';
/** Seconds until the host takes the old settings back by itself when nobody confirmed the new ones. */
const deadline = 60;

export const sshd: Kind<'sshd', Observed> = {
  kind: 'sshd',
  snippet: (specs) =>
    specs
      .map(
        ({ id, path }) => `printf '%s\\t%s\\t%s\\t%s\\n' ${quote(id)} \\
  "$(sha256sum -- ${quote(path)} 2>/dev/null | cut -d' ' -f1)" "$(stat -c %.9Y -- ${quote(path)} 2>/dev/null)" \\
  "$(TZ=UTC systemctl show --timestamp=us -p ActiveEnterTimestamp --value ssh.service)"`,
      )
      .join('\n'),
  parse: (text, specs) => {
    const found = new Map(rows(text).map((row) => [row[0]!, row]));
    return new Map(
      specs.map((spec) => {
        const [, hash, mtime, started] = found.get(spec.id) ?? [];
        const start = parseTimestamp(started);
        return [spec.id, { hash: hash || undefined, stale: start !== undefined && Number(mtime || 0) > start }];
      }),
    );
  },
  diff: (spec, { hash, stale }) => {
    if (hash === undefined) return changeOf(spec, 'create', `sshd settings ${spec.path}`, 'do not exist');
    if (hash !== sha256(spec.content)) return changeOf(spec, 'update', `sshd settings ${spec.path}`, 'content differs');
    if (stale) return changeOf(spec, 'refresh', `sshd settings ${spec.path}`, 'sshd started before they were written');
    return undefined;
  },
  apply: async (spec, _change, { host, progress }) => {
    if (!('reconnect' in host)) {
      throw new RunbookError('refused', {
        what: 'the sshd settings can be changed only over a connection that proves that one still gets in',
        where: host.label,
        next: 'run the deploy from the operator machine, or set `host.hardenSsh: false`',
      });
    }
    await must(host, tryOut(spec), {
      what: 'sshd refuses the settings; the old ones are in force',
      next: 'read the line above: it names the setting that this sshd does not know',
    });
    progress('testing a second connection');
    try {
      const second = await (host as Reconnectable).reconnect();
      await second.close();
    } catch (error) {
      await host.run({ script: `${restore(spec)}\nsystemctl stop ${timer}.timer 2>/dev/null; true` });
      throw new RunbookError(
        'changeFailed',
        {
          what: 'a second connection with the new sshd settings was refused; the old ones are in force again',
          where: host.label,
          cause: (error as Error).message,
          next: 'make sure that this operator logs in with a key, or set `host.hardenSsh: false`',
        },
        { cause: error },
      );
    }
    await must(host, `systemctl stop ${timer}.timer 2>/dev/null; rm -f ${keep} ${keep}.absent`, {
      what: 'the new sshd settings could not be confirmed',
      next: 'run the deploy again: the host has taken the old settings back',
    });
  },
};

const restart = 'systemctl restart ssh.service';

const restore = ({ path }: SshdSpec) =>
  `if [ -e ${keep}.absent ]; then rm -f ${quote(path)}; elif [ -e ${keep} ]; then cp -p ${keep} ${quote(path)}; fi; ${restart}`;

/** Write, check, arm the way back, restart: in this order, so that a cut at any point ends with a way in. */
const tryOut = (spec: SshdSpec) => `set -eu
mkdir -p /run/gitea-runbooks
systemctl stop ${timer}.timer 2>/dev/null || true
systemctl reset-failed ${timer}.service ${timer}.timer 2>/dev/null || true
if [ ! -e ${keep} ] && [ ! -e ${keep}.absent ]; then
  if [ -e ${quote(spec.path)} ]; then cp -p ${quote(spec.path)} ${keep}; else : > ${keep}.absent; fi
fi
next=${quote(`${spec.path}.next`)}
printf '%s' ${quote(spec.content)} > "$next"
mv -fT "$next" ${quote(spec.path)}
if ! sshd -t; then
  if [ -e ${keep}.absent ]; then rm -f ${quote(spec.path)}; else cp -p ${keep} ${quote(spec.path)}; fi
  rm -f ${keep} ${keep}.absent
  exit 1
fi
systemd-run --quiet --on-active=${deadline} --unit=${timer} sh -c ${quote(`${restore(spec)}; rm -f ${keep} ${keep}.absent`)}
${restart}`;
