import { posix } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { Host, Reconnectable } from '../../host/port.ts';
import { must } from '../text.ts';

/**
 * Settings that could lock the operator out. They are kept only when a second connection has proven that one still gets
 * in; without that the host takes the old ones back by itself: after a minute, and at the next boot, whichever is first.
 */
export interface Trial {
  /** Unique on the host, and a part of the names of its files and units: "sshd". */
  readonly name: string;
  /** In the words of a message: "sshd settings". */
  readonly title: string;
  /** Without content: the file shall not be there. */
  readonly files: readonly { readonly path: string; readonly content: string | undefined }[];
  /** Shell that fails when the files, already in their place, are not fit to be put into force. */
  readonly check: string;
  /** Shell that puts into force whatever lies in their place: the new files, the old ones, or none. */
  readonly take: string;
  /** Units that read the files at boot: by then the old ones are back, so that nothing has to be taken there. */
  readonly before: readonly string[];
  /** What to do when `check` or `take` fails; what the operator has to see to, or to do, when the second connection is refused. */
  readonly next: { readonly unfit: string; readonly getsIn: string; readonly lockedOut: string };
}

/** Not below /run: a host that boots within the minute must still know. */
const base = '/var/lib/gitea-runbooks/unconfirmed';
/** Seconds until the host takes the old settings back by itself when nobody confirmed the new ones. */
const deadline = 60;

const folder = (name: string) => `${base}/${name}`;
const timer = (name: string) => `gitea-runbooks-${name}-revert`;
const bootUnit = (name: string) => `gitea-runbooks-${name}-revert-at-boot.service`;
const unitFiles = (name: string) => [
  `/etc/systemd/system/${bootUnit(name)}`,
  `/etc/systemd/system/multi-user.target.wants/${bootUnit(name)}`,
];

/** Shell that is true while such settings are in force, or on the disk, that nobody has confirmed. */
export const isUnconfirmed = (name: string) =>
  `{ [ -e ${quote(folder(name))} ] || [ -e ${quote(unitFiles(name)[0]!)} ]; }`;

/** Write the files, put them into force, prove that one still gets in, keep them. Cut off anywhere, there is a way in. */
export async function keepIfConfirmed(trial: Trial, host: Host, progress: (line: string) => void): Promise<void> {
  const back = `${locked}\nsystemctl stop ${timer(trial.name)}.timer 2>/dev/null\n${restoreNow(trial.name)}`;
  await prove({ ...trial, tryOut: tryOut(trial), back, confirm: confirm(trial) }, host, progress);
}

/** Three scripts: put new settings into force with the way back armed, take them back, keep them. */
export interface Proof extends Pick<Trial, 'title' | 'next'> {
  readonly tryOut: string;
  readonly back: string;
  readonly confirm: string;
}

/** Try the settings out, and keep them only when a second connection proves that one still gets in. */
export async function prove(proof: Proof, host: Host, progress: (line: string) => void): Promise<void> {
  const { title, next } = proof;
  if (!('reconnect' in host)) {
    throw new RunbookError('refused', {
      what: `the ${title} can be changed only over a connection that proves that one still gets in`,
      where: host.label,
      next: `run the deploy from the operator machine, or ${next.lockedOut}`,
    });
  }
  await must(host, proof.tryOut, {
    what: `the host refuses the ${title}; the old ones are in force`,
    next: next.unfit,
  });
  progress('testing a second connection');
  try {
    const second = await (host as Reconnectable).reconnect();
    await second.close();
  } catch (error) {
    await host.run({ script: proof.back });
    throw new RunbookError(
      'changeFailed',
      {
        what: `a second connection with the new ${title} was refused; the old ones are in force again`,
        where: host.label,
        cause: (error as Error).message,
        next: `make sure that this operator ${next.getsIn}, or ${next.lockedOut}`,
      },
      { cause: error },
    );
  }
  await must(host, proof.confirm, {
    what: `the new ${title} could not be confirmed`,
    next: 'run the deploy again: the host takes the old ones back',
  });
}

/** Trying, confirming and taking back exclude each other. */
const locked = `exec 9<${base} && flock -w 30 9 || exit 1`;
const restoreNow = (name: string) => `[ ! -e ${folder(name)}/restore ] || sh ${folder(name)}/restore now`;

const saved = ({ name }: Trial, path: string) => `${folder(name)}/${encodeURIComponent(path).replaceAll('%2F', '+')}`;
const inPlace = (text: string, path: string) =>
  `printf '%s' ${quote(Buffer.from(text).toString('base64'))} | base64 -d > ${quote(`${path}.next`)}
chmod 0644 ${quote(`${path}.next`)}
mv -fT ${quote(`${path}.next`)} ${quote(path)}`;

/** What was, and every way back to it, are on the disk before the first new file is. */
const tryOut = (trial: Trial) => {
  const { name, files, check, take } = trial;
  const [unit, link] = unitFiles(name) as [string, string];
  const dir = quote(folder(name));
  return `set -eu
( umask 077; mkdir -p ${dir} )
${locked}
systemctl stop ${timer(name)}.timer 2>/dev/null || true
systemctl reset-failed ${timer(name)}.service ${timer(name)}.timer 2>/dev/null || true
rm -rf ${dir}.kept
# What an earlier run has saved stays: its own settings were never confirmed.
mkdir -p ${dir}
${files.map(({ path }) => save(quote(path), quote(saved(trial, path)))).join('\n')}
${inPlace(restoreScript(trial), `${folder(name)}/restore`)}
mkdir -p ${posix.dirname(link)}
${inPlace(unitText(trial), unit)}
ln -sfnT ${unit} ${link}
sync -f ${dir} ${unit}
systemd-run --quiet --on-active=${deadline} --unit=${timer(name)} flock ${base} sh ${folder(name)}/restore now
back() { systemctl stop ${timer(name)}.timer 2>/dev/null; sh ${folder(name)}/restore "$1"; exit 1; }
${files.map(asWanted).join('\n')}
( ${check} ) || back files
( ${take} ) || back now`;
};

const asWanted = ({ path, content }: Trial['files'][number]) =>
  content === undefined ? `rm -f ${quote(path)}` : `mkdir -p ${quote(posix.dirname(path))}\n${inPlace(content, path)}`;

const save = (path: string, to: string) => `if [ ! -e ${to} ] && [ ! -e ${to}.absent ]; then
  if [ -e ${path} ]; then cp -p ${path} ${to}.next; mv -fT ${to}.next ${to}; else : > ${to}.absent; fi
fi`;

const confirm = ({ name, files }: Trial) => `set -eu
${locked}
[ -e ${folder(name)}/restore ] || { echo 'the host has taken the old ones back already'; exit 1; }
sync -f ${quoteAll(files.map(({ path }) => posix.dirname(path)))}
systemctl stop ${timer(name)}.timer 2>/dev/null || true
mv -T ${folder(name)} ${folder(name)}.kept
rm -rf ${quoteAll(unitFiles(name))} ${folder(name)}.kept`;

/** In braces the shell has read all of it before it removes it. A file that was not touched yet has nothing saved. */
const restoreScript = (trial: Trial) => `# The way back from ${trial.title} that nobody has confirmed.
{
${trial.files.map(({ path }) => putBack(quote(path), quote(saved(trial, path)))).join('\n')}
sync
[ "$1" != now ] || { ${trial.take}
}
rm -rf ${quoteAll(unitFiles(trial.name))} ${folder(trial.name)}
exit
}
`;

const putBack = (path: string, from: string) => `if [ -e ${from}.absent ]; then rm -f ${path}
elif [ -e ${from} ]; then cp -p ${from} ${path}.next; mv -fT ${path}.next ${path}; fi`;

/** No default dependencies: they would put it after what it has to come before. */
const unitText = ({ name, title, before }: Trial) => `# Managed by gitea-runbooks: goes away by itself.
[Unit]
Description=Take back ${title} that nobody has confirmed
DefaultDependencies=no
RequiresMountsFor=${folder(name)}
After=local-fs.target
Before=${before.join(' ')} shutdown.target
Conflicts=shutdown.target
ConditionPathExists=${folder(name)}/restore

[Service]
Type=oneshot
ExecStart=/bin/sh ${folder(name)}/restore files

[Install]
WantedBy=multi-user.target
`;
