// SPDX-License-Identifier: GPL-3.0-or-later

// HTMLRewriter in time: handlers that wait, many at once, errors, ends.

const rewrite = (add, html, init) => add(new HTMLRewriter()).transform(new Response(html, init)).text();
const encode = (text) => new TextEncoder().encode(text);
const gone = "This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.";
const onP = (handler) => (rewriter) => rewriter.on("p", { element: handler });

test("handlers that wait", async () => {
  const log = [];
  equal(await rewrite((r) => r.on("p", {
    async element(e) {
      log.push("start");
      await pause(1);
      e.setAttribute("x", "1");
      await pause(1);
      log.push("end");
    },
    async text(t) {
      if (!t.text) return;
      await null;
      log.push(t.text);
      t.after("+");
    },
  }), "<p>a</p><p>b</p>"), '<p x="1">a+</p><p x="1">b+</p>');
  deepEqual(log, ["start", "end", "a", "start", "end", "b"]);
});

test("a thenable is waited for", async () => {
  let settled = false;
  equal(await rewrite((r) => r.on("p", {
    element: () => ({ then(resolve) { setTimeout(() => { settled = true; resolve(); }, 1); } }),
    text(t) { if (t.text) equal(settled, true); },
  }), "<p>x</p>"), "<p>x</p>");
});

test("many that wait do not disturb each other", async () => {
  const count = 16;
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => rewrite((r) => r.on("p", {
    async element(e) {
      await pause((i * 7) % 5);
      e.setAttribute("i", String(i));
      await pause((i * 3) % 4);
      e.append(`<${i}>`);
      e.onEndTag(async (tag) => {
        await pause(i % 3);
        tag.after(`[${i}]`);
      });
    },
    async text(t) {
      if (!t.text) return;
      await pause(i % 2);
      t.replace(`${t.text}${i}`);
    },
  }), `${"<p>a</p>".repeat(4)}`)));
  answers.forEach((answer, i) => equal(answer, `<p i="${i}">a${i}&lt;${i}&gt;</p>[${i}]`.repeat(4)));
});

test("rewriters in handlers of rewriters", async () => {
  const nested = (depth) => rewrite(onP(async (e) => {
    e.setInnerContent(depth === 0 ? "deep" : await nested(depth - 1), { html: true });
  }), "<p></p>");
  equal(await nested(8), `${"<p>".repeat(9)}deep${"</p>".repeat(9)}`);
});

test("rewriters in a row", async () => {
  const rewriter = new HTMLRewriter().on("p", { element(e) { e.setAttribute("n", String(Number(e.getAttribute("n") ?? 0) + 1)); } });
  let response = new Response("<p>");
  for (let i = 0; i < 12; ++i) response = rewriter.transform(response);
  equal(await response.text(), '<p n="12">');
});

test("errors of handlers reach the reader", async () => {
  await rejects(rewrite(onP(() => { throw new RangeError("boom"); }), "<p>"), RangeError, /^boom$/);
  await rejects(rewrite(onP(async () => { await pause(1); throw new TypeError("later"); }), "<p>"), TypeError, /^later$/);
  await rejects(rewrite(onP(() => { throw "text"; }), "<p>"), Error, /^text$/);
  await rejects(rewrite(onP(() => { throw undefined; }), "<p>"), Error, /^undefined$/);
  await rejects(rewrite(onP(() => { throw { a: 1 }; }), "<p>"), Error, /^#<Object>$/);
  await rejects(rewrite(onP(() => { throw new DOMException("d", "AbortError"); }), "<p>"), "AbortError");
  class Mine extends Error { name = "Mine"; }
  const error = await rejects(rewrite(onP(() => { throw new Mine("own"); }), "<p>"), Error, /^Mine: own$/);
  equal(error instanceof Mine, false);
  await rejects(rewrite(onP((e) => e.onEndTag(() => { throw new Error("tag"); })), "<p></p>"), Error, /^tag$/);
  await rejects(rewrite((r) => r.onDocument({ end() { throw new Error("end"); } }), "<p>"), Error, /^end$/);
  let called = 0;
  await rejects(rewrite(onP(async () => { ++called; throw new Error("once"); }), "<p><p><p>"), Error, "once");
  equal(called, 1);
  const hostile = new Proxy({}, { get() { throw new Error("no"); }, getPrototypeOf() { throw new Error("no"); } });
  await rejects(rewrite(onP(() => { throw hostile; }), "<p>"), Error, "cannot be shown");
});

test("the rewriter works after errors", async () => {
  for (let i = 0; i < 10; ++i) {
    await rejects(rewrite(onP((e) => { e.tagName = "a b"; }), "<p>"), TypeError, "Parser error: ` ` character is forbidden in the tag name");
    await rejects(rewrite(onP(async () => { throw new Error("x"); }), "<p>"), Error, "x");
  }
  equal(await rewrite(onP((e) => void e.remove()), "<p></p>y"), "y");
});

test("tokens are good while their handler runs", async () => {
  let element;
  let iterator;
  let tag;
  let chunk;
  await rewrite((r) => r.on("p", {
    element(e) {
      element ??= e;
      iterator ??= e.attributes;
      e.onEndTag((t) => void (tag = t));
    },
    text(t) { chunk ??= t; },
  }), "<p a=1>x</p>");
  for (const use of [() => element.tagName, () => element.attributes, () => element.remove(), () => element.before("x"), () => element.onEndTag(() => {}), () => iterator.next(), () => tag.name,
    () => tag.remove(), () => chunk.text, () => chunk.replace("x"), () => void (element.tagName = "x")]) throws(use, TypeError, gone);
  await rewrite(onP(async (e) => {
    setTimeout(() => throws(() => e.tagName, TypeError, gone), 5);
    await pause(1);
    equal(e.tagName, "p");
  }), "<p>");
});

test("bodies that fail, and readers that stop", async () => {
  await rejects(rewrite((r) => r, new ReadableStream({ pull() { throw new RangeError("src"); } })), RangeError, "src");
  let why;
  const source = new ReadableStream({ pull(c) { c.enqueue(encode("<p>x")); }, cancel(reason) { why = reason; } });
  const reader = new HTMLRewriter().on("p", { element() {} }).transform(new Response(source)).body.getReader();
  equal(new TextDecoder().decode((await reader.read()).value), "<p>x");
  await reader.cancel("enough");
  await pause(1);
  equal(why, "enough");
  let resolve;
  let cancelled = false;
  const waiting = new ReadableStream({ pull(c) { c.enqueue(encode("<p>x")); }, cancel() { cancelled = true; } });
  const other = new HTMLRewriter().on("p", { element: () => new Promise((r) => (resolve = r)) }).transform(new Response(waiting)).body.getReader();
  const read = other.read();
  while (!resolve) await pause(1);
  await other.cancel();
  equal((await read).done, true);
  while (!cancelled) await pause(1);
  resolve();
  await pause(1);
  equal(await rewrite(onP((e) => void e.remove()), "<p></p>z"), "z");
});

test("handlers run without a reader", async () => {
  let called = 0;
  const answer = new HTMLRewriter().on("p", { element() { ++called; } }).transform(new Response("<p><p>"));
  equal(called, 0);
  while (called < 2) await pause(1);
  equal(await answer.text(), "<p><p>");
});

test("a document of some megabytes", async () => {
  const part = `<p class="x">${"text é ".repeat(20)}</p>`;
  const count = 1500;
  let seen = 0;
  let sent = 0;
  const source = new ReadableStream({
    pull(controller) {
      controller.enqueue(encode(part.repeat(100)));
      if ((sent += 100) === count) controller.close();
    },
  });
  const { body } = new HTMLRewriter().on("p.x", { element(e) { ++seen; e.setAttribute("n", "1"); } }).transform(new Response(source));
  let length = 0;
  for await (const chunk of body) length += chunk.length;
  equal(seen, count);
  equal(length, (encode(part).length + 6) * count);
});
