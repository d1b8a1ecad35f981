// SPDX-License-Identifier: GPL-3.0-or-later

// HTMLRewriter where its module comes to its ends: many calls that wait, calls within calls, its memory, its stack.

const rewrite = (add, html) => add(new HTMLRewriter()).transform(new Response(html)).text();
const onP = (handler) => (rewriter) => rewriter.on("p", { element: handler });
const works = async () => equal(await rewrite(onP((e) => e.setAttribute("x", "1")), "<p>a</p>"), '<p x="1">a</p>');

test("many documents wait, and rewrite others meanwhile", async () => {
  const documents = Array.from({ length: 150 }, (_, i) => rewrite(onP(async (e) => {
    await pause((i * 7) % 5);
    e.before(await rewrite(onP(async (inner) => {
      await null;
      inner.setInnerContent(`${i}`);
    }), "<p></p>"), { html: true });
    e.setAttribute("n", e.getAttribute("n") + i);
  }), `<div><p n=a></p></div><p n=b></p>`));
  (await Promise.all(documents)).forEach((text, i) => equal(text, `<div><p>${i}</p><p n="a${i}"></p></div><p>${i}</p><p n="b${i}"></p>`));
});

test("a handler that throws while others wait ends its own document only", async () => {
  const [good, bad, end] = await Promise.allSettled([
    rewrite(onP(async (e) => {
      await pause(5);
      e.remove();
    }), "a<p>b</p>"),
    rewrite(onP(async () => {
      await pause(1);
      throw new RangeError("mine");
    }), "<p>b</p>"),
    rewrite((r) => r.onDocument({ end: (e) => void e.append("x".repeat(200_000)) }), "<p>b</p>"),
  ]);
  equal(good.value, "a");
  equal(bad.reason.message, "mine");
  equal(end.value, `<p>b</p>${"x".repeat(200_000)}`);
});

test("memory grows with a handler's call open", async () => {
  const long = "y".repeat(3 << 20);
  ok(await rewrite(onP((e) => {
    e.setAttribute("a", long);
    equal(e.getAttribute("a").length, long.length);
    e.removeAttribute("a");
    e.after(long);
  }), "<p a=1></p>") === `<p></p>${long}`);
});

test("a tag that has no end is too large for the module, and the next document is not", async () => {
  let pieces = 0;
  const piece = new TextEncoder().encode("z".repeat(1 << 20));
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(pieces++ === 0 ? new TextEncoder().encode("<p a='") : piece);
      if (pieces > 200) controller.close();
    },
  });
  await rejects(() => onP(() => {})(new HTMLRewriter()).transform(new Response(endless)).text(), TypeError, "Parser error: The memory limit has been exceeded.");
  ok(pieces < 200, `${pieces} MiB`);
  await works();
});

test("selectors that are nested deeply", async () => {
  for (const depth of [10, 1000, 100_000]) {
    try {
      new HTMLRewriter().on(`${"p:not(".repeat(depth)}a${")".repeat(depth)}`, {});
    } catch (error) {
      ok(error instanceof Error);
    }
    await works();
  }
});

test("elements that are nested deeply", async () => {
  const depth = 10_000;
  let seen = 0;
  const html = `${"<i>".repeat(depth)}<b>${"</i>".repeat(depth)}`;
  const text = await rewrite((r) => r.on("i", { element: (e) => void (++seen, e.setAttribute("x", "")) }), html);
  equal(seen, depth);
  equal(text.length, depth * '<i x=""></i>'.length + "<b>".length);
  // What the module remembers of selectors with descendants grows with the square of the depth.
  await rejects(() => rewrite((r) => r.on("i i > b", { element() {} }).on("i > i", { element() {} }), html), TypeError, "Parser error: The memory limit has been exceeded.");
  await works();
});
