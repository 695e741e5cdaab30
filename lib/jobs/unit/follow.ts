import type { OnEvent } from '../../core/event.ts';
import type { Host } from '../../host/port.ts';
import { runUnit, type UnitRun } from './run.ts';

/** For whoever looks on while the host works: when `signal` is aborted the looking on ends, and `endToo` is asked about the work. */
export interface Following extends Pick<UnitRun, 'signal' | 'endToo'> {
  readonly onEvent?: OnEvent;
}

/** `runUnit`, each line of it as a step that people see. Gives how it ended, and its lines. Throws as it does. */
export async function followUnit(
  host: Host,
  unit: Pick<UnitRun, 'name' | 'words' | 'settings'>,
  { onEvent = () => {}, signal, endToo }: Following,
): Promise<{ readonly code: number; readonly last: readonly string[] }> {
  const last: string[] = [];
  const { code } = await runUnit(host, {
    ...unit,
    signal,
    ...(endToo ? { endToo } : {}),
    onAttached: () => onEvent({ type: 'step', text: 'one is under way already: following it' }),
    onLine(line) {
      last.push(line);
      onEvent({ type: 'step', text: line });
    },
  });
  return { code, last };
}
