// SPDX-License-Identifier: GPL-3.0-or-later
// The frame (asyncframe.js) within the then() of an object that code awaits, a query builder for one. V8 10 calls that in a microtask of its own, for which it keeps no frame, as it does for
// everything else. So each promise is given a note of where it was made, which only this file can see; a microtask of its without a frame is such a then(). Costs promises within a frame a little, and
// is begun by the first AsyncLocalStorage.
import { native } from "../native.js";

class Given {
  constructor(promise) {
    return promise;
  }
}

class Noted extends Given {
  #within;

  constructor(promise, within) {
    super(promise);
    this.#within = within;
  }

  static note(promise, within) {
    new Noted(promise, within);
  }
  static within(promise) {
    return #within in promise ? promise.#within : undefined;
  }
}

let begun = false;
let entered = null; // the promise in whose microtask a frame was put in place

const hooks = {
  made(promise) {
    const within = native.continuation();
    if (typeof within === "object") Noted.note(promise, within);
  },
  before(promise) {
    const within = Noted.within(promise);
    if (within === undefined || typeof native.continuation() === "object") return;
    native.setContinuation(within);
    entered = promise;
  },
  after(promise) {
    if (entered !== promise) return;
    native.setContinuation(undefined);
    entered = null;
  },
};

export function followThenables() {
  if (begun) return;
  begun = true;
  native.watchPromises(hooks.made, hooks.before, hooks.after);
}
