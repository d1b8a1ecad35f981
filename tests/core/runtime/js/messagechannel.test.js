// SPDX-License-Identifier: GPL-3.0-or-later

const received = (port, count) => new Promise((resolve) => {
  const list = [];
  port.onmessage = ({ data }) => {
    list.push(data);
    if (list.length === count) resolve(list);
  };
});

test("messages arrive in order, as copies, when the port has been started", async () => {
  const { port1, port2 } = new MessageChannel();
  const value = { list: [1] };
  port1.postMessage(value);
  port1.postMessage(2);
  value.list.push(3);
  deepEqual(await received(port2, 2), [{ list: [1] }, 2]);
});

test("what cannot be copied, closed ports", async () => {
  const { port1, port2 } = new MessageChannel();
  throws(() => port1.postMessage(Symbol("s")), "DataCloneError");
  throws(() => port1.postMessage(new ArrayBuffer(1), [new ArrayBuffer(1)]), Error, "Transfer list is not supported");
  const closed = new Promise((resolve) => port2.addEventListener("close", resolve));
  port1.close();
  equal((await closed).type, "close");
  equal(port1.postMessage(1), undefined);
  throws(() => new MessagePort(), TypeError, "Illegal constructor");
});

test("a listener that throws does not stop the next message", async () => {
  const { port1, port2 } = new MessageChannel();
  let count = 0;
  const second = new Promise((resolve) => port2.addEventListener("message", () => {
    if (++count === 2) resolve();
  }));
  port2.start();
  port1.postMessage(1);
  port1.postMessage(2);
  await second;
});
