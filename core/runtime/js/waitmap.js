// SPDX-License-Identifier: GPL-3.0-or-later

import { SafeMap } from "./primordials.js";

/** What waits for a word from C++, by number. Entries whose number C++ has forgotten are dropped now and then: nothing will ever wake them. */
export class WaitMap {
  #entries = new SafeMap();
  #isLive;
  #sweepAt = 256;

  constructor(isLive) {
    this.#isLive = isLive;
  }

  set(id, value) {
    this.#entries.set(id, value);
    if (this.#entries.size < this.#sweepAt) return;
    this.#entries.forEach((ignored, known) => {
      if (!this.#isLive(known)) this.#entries.delete(known);
    });
    this.#sweepAt = Math.max(256, this.#entries.size * 2);
  }

  get(id) {
    return this.#entries.get(id);
  }

  take(id) {
    const value = this.#entries.get(id);
    if (value !== undefined) this.#entries.delete(id);
    return value;
  }
}
