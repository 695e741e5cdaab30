/** A bounded number of places that are taken in turn; the number can shrink when the other side allows fewer. */
export class Slots {
  #limit: number;
  #taken = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Places in use now. */
  get taken(): number {
    return this.#taken;
  }

  async take(): Promise<void> {
    while (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken++;
  }

  give(): void {
    this.#taken--;
    this.#waiting.shift()?.();
  }

  /** From now on at most as many as are in use beside the caller's, but at least one. */
  shrink(): void {
    this.#limit = Math.max(1, this.#taken - 1);
  }
}
