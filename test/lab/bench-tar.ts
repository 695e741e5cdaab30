// A tar archive made in memory: secret files never lie on this machine's disk, and nobody has to be root to give owners.

interface Common {
  readonly path: string;
  /** Octal, for example "0644". */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

export type Entry = Common &
  (
    | { readonly type: 'file'; readonly content: string | Uint8Array }
    | { readonly type: 'directory' }
    | { readonly type: 'symlink'; readonly target: string }
  );

const typeFlag = { file: '0', symlink: '2', directory: '5' };

/** POSIX ustar; names of more than 100 bytes are refused. Without the end mark's padding to 10 KiB, which tar does not need. */
export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)]);
}

function blocks(entry: Entry): Buffer[] {
  const content = Buffer.from(entry.type === 'file' ? entry.content : '');
  const name = entry.path.replace(/^\//, '') + (entry.type === 'directory' ? '/' : '');
  if (Buffer.byteLength(name) > 100) throw new Error(`too long for this archive: ${entry.path}`);
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, '0'), at);
  header.write(name, 0);
  octal(Number.parseInt(entry.mode, 8), 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(content.length, 124, 12);
  octal(Math.floor(Date.now() / 1000), 136, 12);
  header.write('        ', 148);
  header.write(typeFlag[entry.type], 156);
  if (entry.type === 'symlink') header.write(entry.target, 157);
  header.write('ustar\0' + '00', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
