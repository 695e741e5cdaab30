import { sha256 } from '../../core/hash.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import type { Kind } from '../kind.ts';
import { parseTimestamp } from '../system/index.ts';
import { changeOf, rows } from '../text.ts';
import { isUnconfirmed, keepIfConfirmed, type Trial } from './confirmed.ts';

interface Observed {
  readonly hash: string | undefined;
  /** sshd runs, and started before the file was written. */
  readonly stale: boolean;
  /** A run ended before it could confirm them. */
  readonly unconfirmed: boolean;
}

const trial = 'sshd';

export const sshd: Kind<'sshd', Observed> = {
  kind: 'sshd',
  snippet: (specs) =>
    specs
      .map(
        ({ id, path }) => `printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' ${quote(id)} \\
  "$(sha256sum -- ${quote(path)} 2>/dev/null | cut -d' ' -f1)" "$(stat -c %.9Y -- ${quote(path)} 2>/dev/null)" \\
  "$(systemctl show -p ActiveState --value ssh.service)" "$(TZ=UTC systemctl show --timestamp=us -p ActiveEnterTimestamp --value ssh.service)" \\
  "$(${isUnconfirmed(trial)} && echo yes)"`,
      )
      .join('\n'),
  parse: (text, specs) => {
    const found = new Map(rows(text).map((row) => [row[0]!, row]));
    return new Map(
      specs.map((spec) => {
        const [, hash, mtime, state, started, unconfirmed] = found.get(spec.id) ?? [];
        const start = state === 'active' ? parseTimestamp(started) : undefined;
        const stale = start !== undefined && Number(mtime || 0) > start;
        return [spec.id, { hash: hash || undefined, stale, unconfirmed: unconfirmed === 'yes' }];
      }),
    );
  },
  diff: (spec, { hash, stale, unconfirmed }) => {
    if (hash === undefined) return changeOf(spec, 'create', `sshd settings ${spec.path}`, 'do not exist');
    if (hash !== sha256(spec.content)) return changeOf(spec, 'update', `sshd settings ${spec.path}`, 'content differs');
    if (unconfirmed) return changeOf(spec, 'refresh', `sshd settings ${spec.path}`, 'nobody has confirmed them yet');
    if (stale) return changeOf(spec, 'refresh', `sshd settings ${spec.path}`, 'sshd started before they were written');
    return undefined;
  },
  apply: async (spec, _change, { host, progress }) => keepIfConfirmed(trialOf(spec), host, progress),
};

/** Take our settings away, with the same proof: what they turned off may be all that let this operator in. */
export const removeSettings = (path: string, host: Host, progress: (line: string) => void): Promise<void> =>
  keepIfConfirmed(trialOf({ path, content: undefined }), host, progress);

/**
 * Where systemd listens (Ubuntu from 22.10 on), sshd starts with the first connection, runs on, and is restarted without
 * a gap; one that has not started yet reads the settings by itself. `sshd -t` wants a folder that only the service makes.
 */
const trialOf = ({ path, content }: { path: string; content: string | undefined }): Trial => ({
  name: trial,
  title: 'sshd settings',
  files: [{ path, content }],
  check: 'mkdir -p -m 0755 /run/sshd; sshd -t',
  // A service that was started too often in a short time is not started at all, on the way back either: count anew.
  take: 'systemctl reset-failed ssh.service 2>/dev/null || true; if systemctl -q is-active ssh.socket; then systemctl try-restart ssh.service; else systemctl restart ssh.service; fi',
  before: ['ssh.service', 'ssh.socket'],
  next: {
    unfit: 'read the line above: it names the setting that this sshd does not know',
    getsIn: 'logs in with a key',
    lockedOut: 'set `host.hardenSsh: false`',
  },
});
