/** The header that carries the token, both ways. */
export const CONSISTENCY_TOKEN = 'consistency-token';

/**
 * The consistency token: how much of what happened the next answer has to show. Keeps the newest of all answers so far;
 * of several clients, if they share it.
 */
export class Consistency {
  #epoch = '';
  #index = -1n;

  /** What to send with a request. */
  current(): string | undefined {
    return this.#index < 0n ? undefined : `${this.#epoch}-${this.#index}`;
  }

  /**
   * Takes over what an answer says, unless it is less than what is known. Tokens of one epoch are in order; those of
   * different ones say nothing of each other, and the service ignores one of before a restore.
   */
  take(headers: Headers): void {
    const told = /^([^-]+)-(\d+)$/.exec(headers.get(CONSISTENCY_TOKEN) ?? '');
    if (!told) return;
    const [epoch, index] = [told[1]!, BigInt(told[2]!)];
    if (epoch === this.#epoch && index <= this.#index) return;
    [this.#epoch, this.#index] = [epoch, index];
  }
}
