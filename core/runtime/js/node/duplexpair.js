// SPDX-License-Identifier: GPL-3.0-or-later
// stream.duplexPair: two streams, each of which reads what the other writes.

export function duplexPair(Duplex) {
  const callback = Symbol("callback");
  const other = Symbol("other side");
  class Side extends Duplex {
    [callback] = null;
    [other] = null;
    _read() {
      const done = this[callback];
      if (done) {
        this[callback] = null;
        done();
      }
    }
    _write(chunk, encoding, done) {
      if (chunk.length === 0) {
        queueMicrotask(done);
      } else {
        this[other].push(chunk);
        this[other][callback] = done;
      }
    }
    _final(done) {
      this[other].on("end", done);
      this[other].push(null);
    }
  }
  return (options) => {
    const [a, b] = [new Side(options), new Side(options)];
    a[other] = b;
    b[other] = a;
    return [a, b];
  };
}
