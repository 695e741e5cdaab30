/** A sort of thing that a mark stands for. Each goes in a way of its own. */
export type MarkType = 'file' | 'secret' | 'sshd' | 'link' | 'directory' | 'swap' | 'image' | 'network';

/** That something on a host was made by a deploy: one line of the marks, which lie on the host itself. */
export interface Mark {
  readonly type: MarkType;
  /** A path, the reference of an image, the name of a network. */
  readonly name: string;
  /** SHA-256 of a file, target of a link. Empty where it is not known, or not to be written down. */
  readonly value: string;
  /** systemd units of others that read it when they start. */
  readonly readers: readonly string[];
}

const none = '-';

export const markLine = ({ type, name, value, readers }: Mark): string =>
  [type, name, value || none, readers.join(',') || none].join('\t');

/** The mark of one line; undefined for anything else. */
export function readMark(fields: readonly string[]): Mark | undefined {
  const [type, name, value, readers] = fields;
  if (!type || !name || !value || !readers) return undefined;
  return {
    type: type as MarkType,
    name,
    value: value === none ? '' : value,
    readers: readers === none ? [] : readers.split(','),
  };
}

/** What two marks of the same thing have in common, whatever its content. */
export const thingOf = ({ type, name }: Pick<Mark, 'type' | 'name'>): string => `${type}\t${name}`;
