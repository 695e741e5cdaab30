// What keeps the distribution's timers from going by the clock on a lab host.
const GENERATORS = '/usr/local/lib/systemd/system-generators';

/** When the timers of the distribution fire on a lab host: in no test. */
export const NEVER = '2100-01-01';

// systemd runs it at boot and at each reload, so a package that is installed later has its timer covered before it starts.
const GENERATOR = `#!/bin/sh
for unit in /usr/lib/systemd/system/*.timer; do
  at="$1/\${unit##*/}.d"
  mkdir -p "$at"
  printf '[Timer]\\nOnCalendar=\\nOnCalendar=${NEVER}\\n' >"$at/lab.conf"
done`;

/**
 * Shell for before a host boots. Timers of the distribution write below /etc (python-apt makes an empty sources.list, for
 * one), hold apt's locks and rotate logs at hours of their own; a kept host would catch up on what it missed in the cache.
 * So they are there, enabled and waiting as on any host, and their services can be started by hand, but their time never
 * comes. Those of the deploy go by their own calendar; only what they missed while the host was kept counts as done. A new
 * host has no stamps yet, which is no failure.
 */
export const NO_CLOCK = `mkdir -p ${GENERATORS}
cat >${GENERATORS}/lab-timers <<'END'
${GENERATOR}
END
chmod 755 ${GENERATORS}/lab-timers
touch -c /var/lib/systemd/timers/stamp-* 2>/dev/null || true`;

export interface Scheduled {
  readonly state: string;
  readonly active: string;
  /** The day, or what systemd says of one that goes by the time since something. */
  readonly next: string;
}

/** The distribution's timers of a host, as its systemd knows them; `run` runs a script there. */
export async function scheduled(run: (script: string) => Promise<string>): Promise<ReadonlyMap<string, Scheduled>> {
  const wanted = 'Id,FragmentPath,UnitFileState,ActiveState,NextElapseUSecRealtime,NextElapseUSecMonotonic';
  const text = await run(`TZ=UTC systemctl show --no-pager -p ${wanted} '*.timer'`);
  const found = text.split('\n\n').map((block) => {
    const lines = block.trim().split('\n');
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  });
  return new Map(
    found
      // Debian 12 calls it by its old name.
      .filter(({ FragmentPath = '' }) => /^(\/usr)?\/lib\//.test(FragmentPath))
      .map((unit) => {
        const since = /^(0|infinity|)$/.test(unit.NextElapseUSecMonotonic ?? '')
          ? undefined
          : unit.NextElapseUSecMonotonic;
        const day = /\d{4}-\d\d-\d\d/.exec(unit.NextElapseUSecRealtime ?? '')?.[0];
        const next = since ?? day ?? 'none';
        return [String(unit.Id), { state: String(unit.UnitFileState), active: String(unit.ActiveState), next }];
      }),
  );
}
