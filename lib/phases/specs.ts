import type { DirectorySpec, FileSpec, UnitSpec } from '../core/spec.ts';

/** Short forms of the specs that occur often; the phase's name is given once. Owner is root unless said otherwise. */
export function specsOf(phase: string) {
  return {
    file: (
      path: string,
      content: FileSpec['content'],
      more: Partial<Pick<FileSpec, 'mode' | 'uid' | 'gid' | 'impact' | 'validate' | 'keep' | 'protect'>> = {},
    ): FileSpec => ({ kind: 'file', id: `file:${path}`, phase, path, content, mode: '0644', uid: 0, gid: 0, ...more }),

    directory: (path: string, mode = '0755', owner = 0): DirectorySpec => ({
      kind: 'directory',
      id: `directory:${path}`,
      phase,
      path,
      mode,
      uid: owner,
      gid: owner,
    }),

    unit: (
      name: string,
      more: Pick<UnitSpec, 'impact'> & Partial<Pick<UnitSpec, 'watches' | 'alternatives'>>,
    ): UnitSpec => ({
      kind: 'unit',
      id: `unit:${name}`,
      phase,
      name,
      ...more,
    }),
  };
}
