/** Counts the staff pages that are open now: whether anybody could come. */
export class Presence {
  readonly #pages = new Map<string, number>();

  /** Notes that a person's page is open; call what it returns when it closes. */
  enter(account: string): () => void {
    this.#pages.set(account, (this.#pages.get(account) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.#pages.get(account) ?? 1) - 1;
      if (left > 0) this.#pages.set(account, left);
      else this.#pages.delete(account);
    };
  }

  /** Whether anybody's page is open. */
  isAnyoneOnline(): boolean {
    return this.#pages.size > 0;
  }
}
