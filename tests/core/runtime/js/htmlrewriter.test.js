// SPDX-License-Identifier: GPL-3.0-or-later

const rewrite = (add, html, init) => add(new HTMLRewriter()).transform(new Response(html, init)).text();
const encode = (text) => new TextEncoder().encode(text);
const streamOf = (...chunks) => new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? encode(chunk) : chunk);
    controller.close();
  },
});
const onP = (handler) => (rewriter) => rewriter.on("p", { element: handler });

test("attributes", async () => {
  equal(await rewrite(onP((e) => {
    equal(e.tagName, "p");
    equal(e.getAttribute("A"), "1");
    equal(e.getAttribute("nothing"), null);
    equal(e.hasAttribute("b"), true);
    deepEqual([...e.attributes], [["a", "1"], ["b", "x&amp;y"], ["c", "ü"]]);
    equal(e.setAttribute("d", "\"&<").removeAttribute("a"), e);
    equal(e.getAttribute("d"), "\"&<");
    equal(e.namespaceURI, "http://www.w3.org/1999/xhtml");
  }), "<p a=1 b='x&amp;y' C=ü>x</p>"), "<p b='x&amp;y' C=ü d=\"&quot;&<\">x</p>");
});

test("attributes change while they are gone through", async () => {
  await rewrite(onP((e) => {
    const { attributes } = e;
    equal(attributes.next().done, false);
    e.setAttribute("b", "2");
    throws(() => attributes.next(), Error, "have been modified during iteration");
    equal([...e.attributes].length, 2);
    deepEqual(e.attributes.next(), { done: false, value: ["a", "1"] });
  }), "<p a=1>");
});

test("content of every kind", async () => {
  equal(await rewrite(onP((e) => {
    equal(e.before("<b>").after("<c>", { html: true }).prepend("<d>").append("<e>", { html: true }), e);
  }), "<p>hi</p>"), "&lt;b&gt;<p>&lt;d&gt;hi<e></p><c>");
  equal(await rewrite(onP((e) => void e.setInnerContent("<i>é&</i>", { html: true })), "<p>hi</p>"), "<p><i>é&</i></p>");
  equal(await rewrite(onP((e) => {
    equal(e.removed, false);
    equal(e.replace("😀").removed, true);
  }), "<p>hi</p>!"), "😀!");
  equal(await rewrite(onP((e) => void e.removeAndKeepContent()), "<p>hi<p>ho</p>"), "hiho");
  equal(await rewrite(onP((e) => void e.remove()), "<p>hi</p>ho"), "ho");
});

test("content that is a stream or a response", async () => {
  equal(await rewrite(onP((e) => {
    e.before(streamOf("1")).before("2").before(new Response("<3>")).append(streamOf("<b>", new Uint8Array([0xc3]), new Uint8Array([0xa9])), { html: true });
  }), "<p>hi</p><p>ho</p>"), "12&lt;3&gt;<p>hi<b>é</p>12&lt;3&gt;<p>ho<b>é</p>");
  const late = new ReadableStream({
    async pull(controller) {
      await pause(1);
      controller.enqueue(encode("late"));
      controller.close();
    },
  });
  equal(await rewrite((r) => r.on("b", { text(t) { if (t.text) t.replace(late); } }), "<b>x</b>y"), "<b>late</b>y");
  await rejects(rewrite(onP((e) => void e.before(streamOf(new Uint8Array([0xff])))), "<p>"), TypeError, "Parser error: Invalid UTF-8");
  await rejects(rewrite(onP((e) => void e.before(new ReadableStream({ pull() { throw new RangeError("src"); } }))), "<p>"), RangeError, "src");
  const source = streamOf("x");
  source.getReader();
  await rejects(rewrite(onP((e) => void e.before(source)), "<p>"), TypeError, "The ReadableStream has been locked to a reader.");
  await rejects(rewrite((r) => r.on("p", { comments(c) { c.replace(streamOf("x")); } }), "<p><!--c-->"), TypeError, "Replacing content in HTML comments using a ReadableStream");
});

test("a stream that is not used is not read", async () => {
  let pulled = 0;
  const source = new ReadableStream({ pull() { ++pulled; } }, { highWaterMark: 0 });
  equal(await rewrite(onP((e) => {
    e.setInnerContent(source);
    e.setInnerContent("other");
  }), "<p>hi</p>"), "<p>other</p>");
  equal(pulled, 0);
});

test("texts", async () => {
  const seen = [];
  equal(await rewrite((r) => r.on("p", {
    text(t) {
      seen.push(t.text, t.lastInTextNode);
      if (t.lastInTextNode) t.after("!");
      else t.replace(t.text.toUpperCase());
    },
  }), "<p>a&amp;ü<b>c</b></p>"), "<p>A&amp;AMP;Ü!<b>C!</b></p>");
  deepEqual(seen, ["a&amp;ü", false, "", true, "c", false, "", true]);
});

test("characters in pieces", async () => {
  const bytes = encode("<p title='é'>ü漢😀</p>");
  const seen = [];
  const document = await rewrite((r) => r.on("p", { element(e) { seen.push(e.getAttribute("title")); }, text(t) { seen.push(t.text); } }), streamOf(...Array.from(bytes, (byte) => new Uint8Array([byte]))));
  equal(document, "<p title='é'>ü漢😀</p>");
  equal(seen.join(""), "éü漢😀");
});

test("comments, doctype, end", async () => {
  const seen = [];
  equal(await rewrite((r) => r.onDocument({
    doctype(d) { seen.push(d.name, d.publicId, d.systemId); },
    comments(c) {
      seen.push(c.text, c.removed);
      if (c.text === "b") c.remove();
      else c.text = "new";
    },
    text(t) { if (t.text) seen.push(t.text); },
    end(e) { equal(e.append("<x>").append("<y>", { html: true }), e); },
  }), "<!doctype html><!--a-->t<!--b-->"), "<!doctype html><!--new-->t&lt;x&gt;<y>");
  deepEqual(seen, ["html", null, null, "a", false, "t", "b", false]);
  await rejects(rewrite((r) => r.onDocument({ comments(c) { c.text = "a-->"; } }), "<!--x-->"), TypeError, "Parser error: Comment text shouldn't contain a comment-closing sequence.");
});

test("end tags", async () => {
  equal(await rewrite(onP((e) => {
    e.onEndTag(() => fail("the later one counts"));
    equal(e.onEndTag((tag) => {
      equal(tag.name, "p");
      tag.before("b").after("a").name = "q";
    }), undefined);
  }), "<p>hi</p>"), "<p>hib</q>a");
  equal(await rewrite(onP((e) => e.onEndTag(async (tag) => {
    await pause(1);
    tag.remove();
  })), "<p>hi</p>!"), "<p>hi!");
  await rewrite((r) => r.on("img", { element(e) { throws(() => e.onEndTag(() => {}), TypeError, "Parser error: No end tag."); } }), "<img>");
  equal(await rewrite(onP((e) => e.onEndTag(() => fail("there is none"))), "<p>hi"), "<p>hi");
});

test("no constructors, no foreign receivers", async () => {
  await rewrite(onP((e) => {
    throws(() => new e.constructor(), TypeError, "Illegal constructor");
    throws(() => e.before.call({}, "x"), TypeError, "Illegal invocation");
    throws(() => e.before.call(undefined, "x"), TypeError, "Illegal invocation");
    throws(() => e.getAttribute.call(new HTMLRewriter(), "x"), TypeError, "Illegal invocation");
    equal(Object.prototype.toString.call(e), "[object Element]");
  }), "<p>");
  throws(() => HTMLRewriter(), TypeError, "Please use the 'new' operator");
  throws(() => HTMLRewriter.prototype.on.call({}, "p", {}), TypeError, "Illegal invocation");
  class Mine extends HTMLRewriter {}
  equal(new Mine().on("p", {}) instanceof Mine, true);
});

test("selectors", async () => {
  const says = (selector) => throws(() => new HTMLRewriter().on(selector, {}), TypeError).message;
  equal(says(""), "Parser error: The selector is empty.");
  equal(says("p["), "Parser error: Unexpected end of selector.");
  equal(says("p:hover"), "Parser error: Unsupported pseudo-class or pseudo-element in selector.");
  equal(says("p + q"), "Parser error: Unsupported combinator `+` in selector.");
  equal(says("é\udc00"), "Parser error: invalid utf-8 sequence of 1 bytes from index 2");
  const matched = async (selector) => {
    const seen = [];
    await rewrite((r) => r.on(selector, { element(e) { seen.push(e.getAttribute("i")); } }), "<p i=1 class=a><p i=2 class=b><p i=3 class='a b' x='1,2'><div i=4></div>");
    return seen.join("");
  };
  equal(await matched("p:not(.a, .b)"), "");
  equal(await matched(":not(.a, .b)"), "4");
  equal(await matched("p:not(:not(.a))"), "13");
  equal(await matched("p:not(.b):not([x='1,2'])"), "1");
  equal(await matched("[X='1,2'], div"), "34");
});

test("arguments", async () => {
  throws(() => new HTMLRewriter().on(), TypeError, "Failed to execute 'on' on 'HTMLRewriter': parameter 1 is not of type 'string'.");
  throws(() => new HTMLRewriter().on("p", "x"), TypeError, "parameter 2 is not of type 'ElementContentHandlers'.");
  throws(() => new HTMLRewriter().on("p", { text: 1 }), TypeError, "Incorrect type for the 'text' field on 'ElementContentHandlers': the provided value is not of type 'function'.");
  throws(() => new HTMLRewriter().onDocument({ end: null }), TypeError, "Incorrect type for the 'end' field on 'DocumentContentHandlers'");
  throws(() => new HTMLRewriter().transform("x"), TypeError, "parameter 1 is not of type 'Response'.");
  await rewrite(onP((e) => {
    throws(() => e.before(), TypeError, "parameter 1 is not of type 'string or JsReadableStream or Response'.");
    throws(() => e.before("x", 5), TypeError, "parameter 2 is not of type 'ContentOptions'.");
    throws(() => e.before("x", { get html() { throw new RangeError("h"); } }), RangeError, "h");
    throws(() => e.setAttribute("a", { toString() { throw new RangeError("t"); } }), RangeError, "t");
    throws(() => e.setAttribute("a", "\ud800"), TypeError, "Parser error: invalid utf-8 sequence of 1 bytes from index 0");
  }), "<p>");
});

test("responses", async () => {
  const none = new Response(null);
  equal(new HTMLRewriter().transform(none), none);
  const response = new Response("x", { status: 404, statusText: "Nope", headers: { "x-a": "b", "content-length": "1" } });
  const answer = new HTMLRewriter().transform(response);
  equal(answer.status, 404);
  equal(answer.statusText, "Nope");
  equal(answer.headers.get("x-a"), "b");
  equal(answer.headers.get("content-length"), null);
  equal(response.bodyUsed, true);
  throws(() => new HTMLRewriter().transform(response), TypeError, "The ReadableStream has been locked to a reader.");
  equal(await answer.text(), "x");
  const copy = new HTMLRewriter().transform(new Response("<p>"));
  deepEqual(await Promise.all([copy.clone().text(), copy.text()]), ["<p>", "<p>"]);
});

test("charsets", async () => {
  const read = async (charset, bytes) => {
    const seen = [];
    const answer = new HTMLRewriter().on("p", { text(t) { if (t.text) { seen.push(t.text); t.after("ü€漢"); } } })
      .transform(new Response(new Uint8Array([60, 112, 62, ...bytes, 60, 47, 112, 62]), { headers: { "content-type": `text/html; charset=${charset}` } }));
    return [seen, [...(await answer.bytes())].slice(3, -4), seen.join("")];
  };
  const [, bytes, text] = await read("latin1", [0xe9, 0x80]);
  equal(text, "é€");
  deepEqual(bytes, [0xe9, 0x80, 0xfc, 0x80, ...encode("&#28450;")]);
  equal((await read('"UTF-8"', [0xc3, 0xa9]))[2], "é");
  const says = (charset) => throws(() => new HTMLRewriter().transform(new Response("x", { headers: { "content-type": `text/html; charset=${charset}` } })), TypeError).message;
  equal(says("nope"), "Parser error: Unknown character encoding has been provided.");
  equal(says("utf-16"), "Parser error: Expected ASCII-compatible encoding.");
});

test("options are looked up as dictionaries are", async () => {
  Object.defineProperty(Object.prototype, "html", { value: true, configurable: true });
  try {
    equal(await rewrite(onP((e) => void e.before("<b>")), "<p>"), "&lt;b&gt;<p>");
    equal(await rewrite(onP((e) => void e.before("<b>", {})), "<p>"), "<b><p>");
  } finally {
    delete Object.prototype.html;
  }
});
