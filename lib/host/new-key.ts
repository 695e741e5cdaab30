import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** A key pair as OpenSSH keeps it. */
export interface KeyPair {
  /** The whole private key file, without a passphrase. */
  readonly private: string;
  /** One line, as it stands in authorized_keys. */
  readonly public: string;
}

const type = 'ssh-ed25519';

/**
 * A new Ed25519 pair. (ssh2 has a generator as well; about one in 300 of its keys cannot be used.)
 * The format is OpenSSH's PROTOCOL.key: public key, then type, key and comment once more beside the private half, padded.
 */
export function newKeyPair(comment = ''): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(d, 'base64url');
  const point = Buffer.from(x, 'base64url');
  const blob = Buffer.concat([text(type), text(point)]);
  // The same number twice: with a passphrase it would tell whether the passphrase is right.
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, blob, text(Buffer.concat([seed, point])), text(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const none = text('none');
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[none, none, text(''), Buffer.from([0, 0, 0, 1])],
    text(blob),
    text(Buffer.concat([inner, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  const marks = ['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'];
  return {
    private: `${[marks[0], ...lines, marks[1]].join('\n')}\n`,
    public: [type, blob.toString('base64'), comment].filter(Boolean).join(' '),
  };
}

/** A string of the SSH protocol: its length in four bytes, then itself. */
function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
