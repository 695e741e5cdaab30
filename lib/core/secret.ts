import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * A value that must not be printed. It shows itself as `<secret NAME>` in strings, JSON and inspect, and gives its
 * value only to `reveal()`, which is called in two places: writing a root-only file, and standard input.
 */
export class Secret {
  readonly name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** A keyed hash (hex, SHA-256) that may stand in a container label: it tells nothing without the key. */
  fingerprint(key: Secret): string {
    return createHmac('sha256', key.reveal()).update(this.#value).digest('hex');
  }

  toString(): string {
    return `<secret ${this.name}>`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
