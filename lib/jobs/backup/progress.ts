interface Message {
  readonly message_type?: string;
  readonly bytes_done?: number;
  readonly seconds_elapsed?: number;
  readonly files_done?: number;
  readonly total_bytes_processed?: number;
  readonly total_duration?: number;
  readonly files_new?: number;
  readonly files_changed?: number;
  readonly data_added_packed?: number;
}

/** Tells what restic prints in words for people: bytes and rate while it reads, what came of it in the end. */
export function progressOf(tell: (text: string) => void): (line: string) => void {
  return (line) => {
    if (line.startsWith('[')) return;
    if (!line.startsWith('{')) {
      if (line.trim() !== '') tell(line);
      return;
    }
    const text = sentenceOf(line);
    if (text !== undefined) tell(text);
  };
}

function sentenceOf(line: string): string | undefined {
  let message: Message;
  try {
    message = JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
  if (message.message_type === 'status') {
    const { bytes_done: bytes = 0, seconds_elapsed: seconds = 0, files_done: files = 0 } = message;
    return seconds < 1 ? undefined : `${mib(bytes)} in ${files} files, ${mib(bytes / seconds)} a second`;
  }
  if (message.message_type !== 'summary') return undefined;
  const {
    files_new: fresh = 0,
    files_changed: changed = 0,
    total_bytes_processed: bytes = 0,
    total_duration: seconds = 0,
  } = message;
  return `read ${mib(bytes)} in ${seconds.toFixed(1)} s: ${fresh + changed} files are new or changed, ${mib(message.data_added_packed ?? 0)} stored`;
}

const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MiB`;
