// SPDX-License-Identifier: GPL-3.0-or-later

const text = (add, html, init) => add(new HTMLRewriter()).transform(new Response(html, init)).text();
const bytes = (...list) => Uint8Array.from(list);
const encode = (string) => new TextEncoder().encode(string);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const markup = '<p a=1 b="x&amp;y" C=\'z\'>hi</p>';

/** [what the handler gave, the document] for the elements of a document. */
async function element(handler, html = markup, selector = "p") {
  let given;
  const document = await text((r) => r.on(selector, { element(e) { given = handler(e); } }), html);
  return [given, document];
}

function attempt(body) {
  try {
    return body();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

function stream(...chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function texts(html, selector = "p") {
  const found = [];
  await text((r) => r.on(selector, { text(t) { found.push([t.text, t.lastInTextNode, t.removed]); } }), html);
  return found;
}

/** A document's bytes, those beyond ASCII in hexadecimal. */
async function shownBytes(add, html, init) {
  const answer = new Uint8Array(await add(new HTMLRewriter()).transform(new Response(html, init)).arrayBuffer());
  return [...answer].map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(16)}`)).join("");
}

/** The same handler thrown from: its error, as the reader of the body gets it. */
const thrown = (value) => element(() => { throw value; });

const methods = (object) => Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))
  .filter(([name, { value }]) => typeof value === "function" && name !== "constructor")
  .map(([name, d]) => `${name} ${d.value.length} ${d.writable} ${d.enumerable} ${d.configurable}`);

async function kept(register) {
  let token;
  await text((r) => register(r, (t) => (token ??= t)), "<!doctype html><p>x<!--c--></p>");
  return token;
}

const selectors = ["", "p..", "p[", "p:foo", "p:first-child", "p::before", "p >", "p + q", "p ~ q", "p, q", "*", "[a", "p:not(.a)", "p:not(a, b)", "p:nth-child(2n+1)", "p:nth-child(x)",
  "p:nth-last-child(2)", "p:last-child", "p:first-of-type", "p:nth-of-type(2)", "p:only-child", "p:empty", "p:hover", "p:has(a)", "p:is(a)", "#", ".", "p#a.b", 'a[b="c" i]', "a[b=c s]", "a[b!=c]",
  "svg|a", "*|a", "|a", "> p", "123", "p\0", "\u00e9", "p\\.x", "::slotted(p)", "p:root", "p:not()", "p:not(:not(.a))", "p,", "<p>", "p{", "@a", "p || q", "p:nth-child(-n + 3)",
  "p:nth-child(2 of .x)", " p ", "p/**/", 'a["href"]', "a[href=]", "a[=x]", "[*]", "p:first-child()", "p:not(.a .b)", "p:not(.a > .b)", "p:not(.a,)", "p:not(,.a)"];

const matching = ["p", "P", "*", ".a", "#i", "p.a.b", "div p", "div > p", "section p", "[x]", "[x='1,2']", "[x^='1']", "[x$='2']", "[x*=',']", "[x~='1,2']", "[x|='1']", "[X]", "[x='1,2' i]", "p:first-child",
  "p:nth-child(2)", "p:nth-child(odd)", "p:nth-of-type(2n)", "p:first-of-type", "p:not(.a)", "p:not(.a, .b)", "p:not(.a.b)", "p:not(:not(.a))", "p:not( .a , [x='1,2'] )", ":not(p)", "p:not(:first-child)",
  "p, div", "p , .a", "em", "div em", "div > em", "p:not(.a"];
const page = '<div id=i class=a><p class=a>1</p><p class=b>2</p><em><p class="a b" x="1,2">3</p></em><P>4</P></div><p>5</p>';

const names = ["", "a b", "1a", "a>", "a/", "a\t", "\u00e9", "DIV", "x-y", "a\0b"];
const comments = [">", "->x", "a->", "--", "x--!>", "a--", "-", "a-->", "<!-", "--->", "-!>", "", "!>", "x>y", "-- >", "\u00e9"];
const charsets = ["utf-8", "UTF8", "latin1", "windows-1252", "windows-1251", "shift_jis", "euc-jp", "gbk", "big5", "euc-kr", "koi8-r", "iso-8859-15", "utf-16le", "iso-2022-jp", "replacement", "nope", '"utf-8"', ""];
const values = { number: 5, null: null, undefined, object: {}, bytes: new Uint8Array(2), boolean: true, array: [1, 2] };
const options = { null: null, empty: {}, one: { html: 1 }, "a string": { html: "false" }, zero: { html: 0 }, false: { html: false } };

export default {
  "the constructor": () => [HTMLRewriter.length, HTMLRewriter.name, typeof HTMLRewriter, String(new HTMLRewriter())],
  "called as a function": () => HTMLRewriter(),
  "methods of the rewriter": () => methods(new HTMLRewriter()),
  "methods of an element": async () => (await element((e) => methods(e)))[0],
  "methods of an end tag": async () => methods(await kept((r, keep) => r.on("p", { element(e) { e.onEndTag(keep); } }))),
  "methods of a text": async () => methods(await kept((r, keep) => r.on("p", { text: keep }))),
  "methods of a comment": async () => methods(await kept((r, keep) => r.on("p", { comments: keep }))),
  "methods of a doctype": async () => methods(await kept((r, keep) => r.onDocument({ doctype: keep }))),
  "methods of the end": async () => methods(await kept((r, keep) => r.onDocument({ end: keep }))),
  "an element's constructor": () => element((e) => [e.constructor.name, e.constructor.length, attempt(() => new e.constructor()), String(e)]),
  "a class that extends it": () => {
    class Mine extends HTMLRewriter {}
    const mine = new Mine();
    return [mine instanceof HTMLRewriter, mine.on("p", {}) === mine, mine.constructor.name];
  },
  "methods without this": () => [attempt(() => HTMLRewriter.prototype.on.call({}, "p", {})), attempt(() => HTMLRewriter.prototype.onDocument.call({}, {})), attempt(() => HTMLRewriter.prototype.transform.call({}))],
  "an element's methods without this": () => element((e) => [attempt(() => e.before.call({}, "x")), attempt(() => e.remove.call({})), attempt(() => e.attributes.next.call({}))]),

  ...Object.fromEntries(selectors.map((selector) => [`selector ${JSON.stringify(selector)}`, () => new HTMLRewriter().on(selector, {}).constructor.name])),
  ...Object.fromEntries(matching.map((selector) => [`matches of ${selector}`, async () => {
    const found = [];
    await text((r) => r.on(selector, { element(e) { found.push(`${e.tagName}.${e.getAttribute("class")}`); } }), page);
    return found;
  }])),
  "a selector that is a number": () => new HTMLRewriter().on(5, {}),
  "a selector that is a symbol": () => new HTMLRewriter().on(Symbol("x"), {}),
  "a selector that throws": () => new HTMLRewriter().on({ toString() { throw new RangeError("q"); } }, {}),
  "a selector with a lone surrogate": () => new HTMLRewriter().on("\u00e9\udc00", {}),

  "on without arguments": () => new HTMLRewriter().on(),
  "on without handlers": () => new HTMLRewriter().on("p"),
  "on with null": () => new HTMLRewriter().on("p", null).constructor.name,
  "on with a string": () => new HTMLRewriter().on("p", "x"),
  "on with a function": () => new HTMLRewriter().on("p", () => {}).constructor.name,
  ...Object.fromEntries(["element", "comments", "text"].map((name) => [`on with a ${name} that is no function`, () => new HTMLRewriter().on("p", { [name]: {} })])),
  ...Object.fromEntries(["doctype", "comments", "text", "end"].map((name) => [`onDocument with a ${name} that is no function`, () => new HTMLRewriter().onDocument({ [name]: null })])),
  "onDocument without arguments": () => new HTMLRewriter().onDocument(),
  "onDocument with a number": () => new HTMLRewriter().onDocument(1),
  "the order in which handlers are looked up": () => {
    const asked = [];
    const handlers = new Proxy({}, { get(target, name) { asked.push(String(name)); } });
    new HTMLRewriter().on("p", handlers).onDocument(handlers);
    return asked;
  },
  "a getter that throws": () => new HTMLRewriter().on("p", { get element() { throw new RangeError("g"); } }),
  "handlers are those of the time of on()": async () => {
    const called = [];
    const handlers = { element() { called.push("a"); } };
    const rewriter = new HTMLRewriter().on("p", handlers);
    handlers.element = () => called.push("b");
    await rewriter.transform(new Response("<p>")).text();
    return called;
  },

  ...Object.fromEntries([["nothing"], ["a string", "x"], ["null", null], ["a request", () => new Request("http://x/")], ["an object", {}]].map(([name, value]) => [
    `transform of ${name}`, () => (name === "nothing" ? new HTMLRewriter().transform() : new HTMLRewriter().transform(typeof value === "function" ? value() : value))])),
  "transform without a body": () => {
    const response = new Response(null);
    return new HTMLRewriter().transform(response) === response;
  },
  "transform of a response that was read": async () => {
    const response = new Response("x");
    await response.text();
    return new HTMLRewriter().transform(response);
  },
  "transform of a locked response": () => {
    const response = new Response("x");
    response.body.getReader();
    return new HTMLRewriter().transform(response);
  },
  "transform takes the body": async () => {
    const response = new Response("x");
    const answer = new HTMLRewriter().transform(response);
    const before = [response.bodyUsed, response.body.locked, answer.bodyUsed];
    return [before, await answer.text(), answer.bodyUsed];
  },
  "status and headers stay": async () => {
    const answer = new HTMLRewriter().transform(new Response("x", { status: 404, statusText: "Nope", headers: { "x-a": "b", "content-type": "text/html" } }));
    return [answer.status, answer.statusText, [...answer.headers], answer.url, await answer.text()];
  },
  "the length that was stated": () => new HTMLRewriter().transform(new Response("x", { headers: { "content-length": "1" } })).headers.get("content-length"),
  "one rewriter twice and in itself": async () => {
    const rewriter = new HTMLRewriter().on("p", { element(e) { e.setAttribute("n", Number(e.getAttribute("n") ?? 0) + 1); } });
    return [await rewriter.transform(new Response("<p>")).text(), await rewriter.transform(rewriter.transform(rewriter.transform(new Response("<p>")))).text()];
  },
  "handlers after transform": async () => {
    const rewriter = new HTMLRewriter();
    const answer = rewriter.transform(new Response("<p>"));
    rewriter.on("p", { element(e) { e.setAttribute("x", ""); } });
    return [await answer.text(), await rewriter.transform(new Response("<p>")).text()];
  },
  "a clone of the answer": async () => {
    const answer = new HTMLRewriter().on("p", { element(e) { e.remove(); } }).transform(new Response("<p>x</p>y"));
    const clone = answer.clone();
    return [await answer.text(), await clone.text()];
  },
  "the kind of body": () => {
    const { body } = new HTMLRewriter().transform(new Response("x"));
    return [body.constructor.name, body.getReader({ mode: "byob" }).constructor.name];
  },
  "from the network": async (t) => (await new HTMLRewriter().onDocument({ end(e) { e.append("!"); } }).transform(await fetch(`${t.peer}/bytes/10`)).arrayBuffer()).byteLength,
  "from the network, gzip": async (t) => (await new HTMLRewriter().transform(await fetch(`${t.peer}/gzip`)).text()).length > 0,

  "tag names": () => element((e) => names.map((name) => attempt(() => { e.tagName = name; return e.tagName; }))),
  "a tag's name in capitals": () => element((e) => { const before = e.tagName; e.tagName = "DIV"; return [before, e.tagName]; }, "<P>x</P>"),
  "a number as tag name": () => element((e) => attempt(() => { e.tagName = 5; })),
  "attribute names": () => element((e) => names.map((name) => attempt(() => e.setAttribute(name, "1").getAttribute(name)))),
  "attributes as a list": () => element((e) => [...e.attributes]),
  "an attribute that is there twice": () => element((e) => [[...e.attributes], e.getAttribute("a")], "<p a=1 A=2 a=3 b>x</p>"),
  "the iterator of attributes": () => element((e) => {
    const iterator = e.attributes;
    return [iterator.constructor.name, String(iterator), iterator[Symbol.iterator]() === iterator, Object.keys(iterator.next()), JSON.stringify([iterator.next(), iterator.next(), iterator.next()]), e.attributes === e.attributes];
  }),
  "attributes set while they are gone through": () => element((e) => { const iterator = e.attributes; iterator.next(); e.setAttribute("new", "n"); return [...iterator]; }),
  "attributes removed while they are gone through": () => element((e) => { const iterator = e.attributes; e.removeAttribute("nothing"); return iterator.next(); }),
  "getAttribute": () => element((e) => [e.getAttribute("A"), e.getAttribute("b"), e.getAttribute("C"), e.getAttribute("zz"), e.hasAttribute("c"), e.hasAttribute("d"), e.getAttribute(null)]),
  "quotes in attributes": () => element((e) => e.setAttribute("a", "\"&<>'").getAttribute("a")),
  "attributes of other types": () => element((e) => [e.setAttribute("n", null).getAttribute("n"), e.setAttribute("u", undefined).getAttribute("u"), e.setAttribute("o", {}).getAttribute("o")]),
  "a lone surrogate in an attribute": () => element((e) => e.setAttribute("a", "\ud800x")),
  "a lone surrogate in content": () => element((e) => { e.before("\ud800x"); }),
  "removeAttribute": () => element((e) => e.removeAttribute("a").removeAttribute("nothing").hasAttribute("a")),
  "missing arguments": () => element((e) => ["getAttribute", "hasAttribute", "setAttribute", "removeAttribute", "before", "after", "prepend", "append", "replace", "setInnerContent", "onEndTag"].map((name) => attempt(() => e[name]()))),
  "setAttribute with one argument": () => element((e) => e.setAttribute("a")),
  "attributes with entities stay": () => element((e) => e.getAttribute("b")),
  "namespaces": async () => {
    const found = [];
    await text((r) => r.on("*", { element(e) { found.push([e.tagName, e.namespaceURI]); } }), "<div><svg><a/></svg><math></math></div>");
    return found;
  },
  "namespaces of integration points": async () => {
    const found = [];
    await text((r) => r.on("*", { element(e) { found.push([e.tagName, e.namespaceURI]); } }), "<svg><foreignObject><p></p></foreignObject></svg><math><mi>x</mi></math>");
    return found;
  },
  "properties that are an element's own": async () => (await element((e) => Object.keys(e)))[0],
  "read-only properties stay": () => element((e) => { Reflect.set(e, "removed", 1); Reflect.set(e, "attributes", 1); return [e.removed, typeof e.attributes]; }),
  "a property of one's own": () => element((e) => { e.mine = 1; return e.mine; }),

  ...Object.fromEntries(["before", "after", "prepend", "append", "replace", "setInnerContent"].flatMap((name) => [
    [`${name} with text`, () => element((e) => e[name]("<b>&\"'") === e)],
    [`${name} with HTML`, () => element((e) => { e[name]("<b>&\"'", { html: true }); })],
    [`${name} twice`, () => element((e) => { e[name]("1")[name]("2"); })],
    [`${name} with a stream`, () => element((e) => { e[name](stream("<s>", "\u00e9&"), { html: true }); })],
    [`${name} with a stream as text`, () => element((e) => { e[name](stream("<s>", "&")); })],
    [`${name} with a response`, () => element((e) => { e[name](new Response("<r>"), { html: true }); })],
    [`${name} on a void element`, () => element((e) => { e[name]("x"); }, "<img src=x><br>", "img")],
    [`${name} on a removed element`, () => element((e) => { e.remove(); e[name]("x"); })],
  ])),
  ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`content that is ${name}`, () => element((e) => { e.before(value); })])),
  ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`options that are ${name}`, () => element((e) => { e.before("<", value); })])),
  "content that is a symbol": () => element((e) => e.before(Symbol("x"))),
  "options that are a number": () => element((e) => e.before("<", 5)),
  "options that throw": () => element((e) => e.before("<", { get html() { throw new RangeError("h"); } })),
  "all kinds of content": () => element((e) => { e.before("1").before("2").after("3").after("4").prepend("5").prepend("6").append("7").append("8"); }),
  "streams and texts in order": () => element((e) => { e.before(stream("1")).before("2").before(stream("3")).after(stream("4")).after("5"); }),
  "a stream that comes late": () => element((e) => { e.before(new ReadableStream({ async pull(c) { await sleep(3); c.enqueue(encode("late")); c.close(); } })); }),
  "a stream that fails": () => element((e) => { e.before(new ReadableStream({ pull() { throw new RangeError("src"); } })); }),
  "a stream of strings": () => element((e) => { e.before(new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } })); }),
  "a locked stream": () => element((e) => { const source = stream("x"); source.getReader(); e.before(source); }),
  "one stream twice": () => element((e) => { const source = stream("x"); e.before(source).after(source); }),
  "a stream with bytes that are no UTF-8": () => element((e) => { e.before(stream(bytes(0xff, 0x41))); }),
  "a stream with a character in two": () => element((e) => { e.before(stream(bytes(0xc3), bytes(0xa9))); }),
  "a response without a body": () => element((e) => { e.before(new Response(null)); }),
  "a stream in a text": () => text((r) => r.on("p", { text(t) { if (t.text) t.replace(stream("st")); } }), "<p>x</p>"),
  "a stream in a comment": () => text((r) => r.on("p", { comments(c) { c.replace(stream("st")); } }), "<p><!--x--></p>"),
  "a stream at the end": () => text((r) => r.onDocument({ end(e) { e.append(stream("<st>")); } }), "<p>x</p>"),
  "a stream at an end tag": () => element((e) => { e.onEndTag((tag) => { tag.before(stream("st")); }); }),
  "remove": () => element((e) => [e.removed, e.remove() === e, e.removed]),
  "removeAndKeepContent": () => element((e) => [e.removeAndKeepContent() === e, e.removed]),
  "replace removes": () => element((e) => e.replace("x").removed),
  "replaced twice": () => element((e) => { e.replace("1"); e.replace("2"); }),
  "a self-closing element": () => element((e) => { e.setAttribute("b", "2"); }, "<br/><img src=a />", "*"),
  "a self-closing element of SVG": () => element((e) => { e.append("x"); }, "<svg><path/></svg>", "path"),

  "onEndTag": () => element((e) => e.onEndTag((tag) => { tag.before("<b>").after("<c>", { html: true }); tag.name = "q"; })),
  "onEndTag, removed": () => element((e) => { e.onEndTag((tag) => { tag.remove(); }); }),
  "onEndTag, an empty name": () => element((e) => { e.onEndTag((tag) => { tag.name = ""; }); }),
  "onEndTag without an end tag": () => element((e) => { e.onEndTag((tag) => { tag.before("x"); }); }, "<p>hi"),
  "onEndTag on a void element": () => element((e) => attempt(() => e.onEndTag(() => {})), "<img>", "img"),
  "onEndTag twice": async () => { const called = []; await element((e) => { e.onEndTag(() => { called.push(1); }); e.onEndTag(() => { called.push(2); }); }); return called; },
  "onEndTag of two handlers": async () => {
    const called = [];
    await text((r) => r.on("p", { element(e) { e.onEndTag(() => { called.push("a"); }); } }).on("p", { element(e) { e.onEndTag(() => { called.push("b"); }); } }), "<p>x</p>");
    return called;
  },
  "onEndTag of nested elements": async () => { const called = []; await element((e) => { const i = e.getAttribute("i"); e.onEndTag(() => { called.push(i); }); }, "<div i=1><div i=2></div></div>", "div"); return called; },
  "onEndTag that waits": () => element((e) => { e.onEndTag(async (tag) => { await sleep(2); tag.before("late"); }); }),
  "onEndTag of a renamed element": () => element((e) => { e.tagName = "z"; e.onEndTag((tag) => { tag.before(tag.name); }); }),
  "onEndTag of an element without tags": () => element((e) => { e.removeAndKeepContent(); e.onEndTag((tag) => { tag.before("E"); }); }),
  "onEndTag that throws": () => element((e) => { e.onEndTag(() => { throw new RangeError("et"); }); }),
  "onEndTag without a function": () => element((e) => [attempt(() => e.onEndTag(null)), attempt(() => e.onEndTag({}))]),
  "this of an end tag's handler": async () => { const called = []; await element((e) => { e.onEndTag(function () { "use strict"; called.push(this === globalThis); }); }); return called; },

  "texts": () => texts("<p>hello</p>"),
  "texts with entities": () => texts("<p>a&amp;b</p>"),
  "texts that are long": async () => (await texts(`<p>${"x".repeat(5000)}</p>`)).length,
  "texts from pieces": () => texts(stream("<p>ab", "cd", "ef</p>")),
  "texts with a character in two pieces": () => texts(stream("<p>a", bytes(0xc3), bytes(0xa9), "b</p>")),
  "texts with a character in four pieces": () => texts(stream("<p>", bytes(0xf0), bytes(0x9f), bytes(0x98), bytes(0x80), "</p>")),
  "texts with bytes that are no UTF-8": () => texts(stream("<p>a", bytes(0xff), "b</p>")),
  "texts in nested elements": () => texts("<p>a<b>c</b>d</p>"),
  "no texts": () => texts("<p></p>"),
  "blank texts": () => texts("<p> \n </p>"),
  "texts round a comment": () => texts("<p>a<!--c-->b</p>"),
  "texts without an end": () => texts("<p>abc"),
  "texts before a cut tag": () => texts("<p>abc<"),
  ...Object.fromEntries(["script", "title", "textarea", "style"].map((name) => [`texts of ${name}`, () => texts(`<${name}>a&lt;<b>c</${name}>`, name)])),
  "texts changed": () => text((r) => r.on("p", { text(t) { t.before("[").after("]<", { html: true }); } }), "<p>a</p>"),
  "texts replaced": () => text((r) => r.on("p", { text(t) { if (!t.lastInTextNode) t.replace(t.text.toUpperCase()); } }), "<p>a<b>c</b></p>"),
  "texts removed": () => text((r) => r.on("p", { text(t) { t.remove(); } }), "<p>a<b>c</b></p>"),
  "texts replaced by HTML": () => text((r) => r.on("p", { text(t) { if (t.text) t.replace("<i>", { html: true }); } }), "<p>a</p>"),
  "a text's removed": async () => { const found = []; await text((r) => r.on("p", { text(t) { found.push(t.removed, t.remove() === t, t.removed); } }), "<p>a</p>"); return found; },
  "a NUL": () => shownBytes((r) => r.on("p", { text(t) { t.before("."); } }), "<p>\0</p>"),

  "comments": async () => { const found = []; const document = await text((r) => r.on("p", { comments(c) { found.push(c.text, c.removed); c.text = "new"; found.push(c.text); } }), "<p><!-- old --></p><!--out-->"); return [found, document]; },
  "comments of the document": () => text((r) => r.onDocument({ comments(c) { c.text += "!"; } }), "<!--a--><p><!--x--><?php x?></1><!a>"),
  "texts of comments": async () => { let found; await text((r) => r.on("p", { comments(c) { found = comments.map((value) => attempt(() => { c.text = value; return c.text; })); } }), "<p><!--x-->"); return found; },
  "comments changed": () => text((r) => r.on("p", { comments(c) { c.before("<a>").after("<b>", { html: true }).replace("<c>"); } }), "<p><!--x-->"),
  "comments removed": () => text((r) => r.on("p", { comments(c) { c.remove(); } }), "<p><!--x-->"),
  "a comment without an end": () => text((r) => r.on("p", { comments(c) { c.text = "y"; } }), "<p><!--x"),

  ...Object.fromEntries(["<!DOCTYPE html>", "<!doctype>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">', '<!DOCTYPE svg SYSTEM "x">', "<!doctype html SYSTEM>"].map((html) => [
    `doctype ${html}`, async () => { const found = []; const document = await text((r) => r.onDocument({ doctype(d) { found.push([d.name, d.publicId, d.systemId]); } }), html); return [found, document]; }])),
  "the end": () => text((r) => r.onDocument({ end(e) { e.append("<x>").append("<y>", { html: true }); } }), "<p>"),
  "the end of nothing": () => text((r) => r.onDocument({ end(e) { e.append("<x>"); } }), ""),
  "two handlers of the end": async () => { const called = []; await text((r) => r.onDocument({ end() { called.push(1); } }).onDocument({ end() { called.push(2); } }), "x"); return called; },

  "this of handlers": async () => {
    const found = [];
    const handlers = { element() { found.push(this === handlers); }, text() { found.push(this === handlers); }, end() { found.push(this === handlers); } };
    await text((r) => r.on("p", handlers).onDocument(handlers), "<p>x");
    return found;
  },
  "handlers of a class": async () => {
    class Counter { n = 0; element() { ++this.n; } text() { this.n += 10; } }
    const counter = new Counter();
    await text((r) => r.on("p", counter), "<p>x</p>");
    return counter.n;
  },
  "arguments of handlers": async () => { const found = []; await text((r) => r.on("p", { element(...all) { found.push(all.length); } }), "<p>"); return found; },
  "what handlers give": () => text((r) => r.on("p", { element() { return 5; }, text() { return "x"; }, comments() { return null; } }), "<p>x<!--c--></p>"),
  "the order of handlers": async () => {
    const called = [];
    await text((r) => r.on("p", { element() { called.push("p"); } }).on("*", { element(e) { called.push(`*${e.tagName}`); } }).on("p.a", { element() { called.push("p.a"); } }).on("div p", { element() { called.push("div p"); } }),
      "<div><p class=a>x</p></div>");
    return called;
  },
  "the order of handlers of texts": async () => {
    const called = [];
    const note = (name) => ({ text(t) { if (t.text) called.push(name); } });
    await text((r) => r.onDocument(note("d")).on("p", note("p")).on("*", note("*")), "<p>x</p>");
    return called;
  },
  "handlers that wait, in order": async () => {
    const log = [];
    const document = await text((r) => r.on("p", { async element(e) { log.push(`s${e.getAttribute("i")}`); await sleep(2); e.setAttribute("done", "1"); log.push(`e${e.getAttribute("i")}`); } }), "<p i=1>a</p><p i=2>b</p>");
    return [document, log];
  },
  "a handler that gives a thenable": async () => {
    const log = [];
    const document = await text((r) => r.on("p", { element() { return { then(resolve) { log.push("then"); setTimeout(() => { log.push("late"); resolve(); }, 2); } }; }, text(t) { if (t.text) log.push("text"); } }), "<p>x</p>");
    return [document, log];
  },
  "a handler that fetches": (t) => text((r) => r.on("p", { async element(e) { const answer = await fetch(`${t.peer}/status/204`); e.setInnerContent(String(answer.status)); } }), "<p>1</p><p>2</p>"),
  "a rewriter in a handler": () => text((r) => r.on("p", { async element(e) { e.setInnerContent(await text((inner) => inner.on("b", { element(b) { b.replace("B"); } }), "<b>q</b>"), { html: true }); } }), "<p>1</p><p>2</p>"),
  "ten that wait at once": () => Promise.all(Array.from({ length: 10 }, (_, i) => text((r) => r.on("p", { async element(e) { await sleep(((i * 7) % 10)); e.setAttribute("i", i); } }), "<p>a</p><p>b</p>"))),
  "many small pieces": () => text((r) => r.on("b", { element(e) { e.setAttribute("x", "\u00e9"); } }), stream(...Array.from(encode("<p>\u00e9<b class='q'>\u{1f600}</b></p>"), (byte) => bytes(byte)))),

  ...Object.fromEntries(Object.entries({
    Error: new Error("boom"), RangeError: new RangeError("boom"), "a string": "str", undefined, null: null, "a number": 5, "a symbol": Symbol("s"), "an object": { a: 1 }, "an array": [1, 2],
    "a DOMException": new DOMException("d", "AbortError"), AggregateError: new AggregateError([], "ag"), SyntaxError: new SyntaxError("s"), "an empty message": new Error(""),
    "an error with a name": Object.assign(new TypeError("t"), { name: "Custom" }), "an error of a class": new (class Mine extends Error { name = "Mine"; })("boom"),
    "an error of a class without a name": new (class Mine extends TypeError {})("sub"), "an instance of a class": new (class Z { q = 1; })(),
  }).map(([name, value]) => [`throws ${name}`, () => thrown(value)])),
  "the error is another object": async () => { const error = new Error("q"); try { await thrown(error); } catch (caught) { return caught === error; } },
  "rejects": () => text((r) => r.on("p", { async element() { await sleep(1); throw new TypeError("later"); } }), "<p>"),
  "rejects with a string": () => text((r) => r.on("p", { async element() { throw "later"; } }), "<p>"),
  "throws in a text": () => text((r) => r.on("p", { text() { throw new Error("t"); } }), "<p>x"),
  "throws at the end": () => text((r) => r.onDocument({ end() { throw new Error("t"); } }), "<p>x"),
  "nothing after a throw": async () => { let n = 0; try { await text((r) => r.on("p", { element() { ++n; throw new Error("1"); } }), "<p><p><p>"); } catch (error) { return [error.message, n]; } },
  "nothing after a rejection": async () => { let n = 0; try { await text((r) => r.on("p", { async element() { ++n; throw new Error("1"); } }), "<p><p><p>"); } catch (error) { return [error.message, n]; } },
  "what is done in a handler that throws": async () => { const { body } = new HTMLRewriter().on("b", { element(e) { e.before("x"); throw new Error("z"); } }).transform(new Response("<p>one</p><b>")); return new Response(body).text(); },

  ...Object.fromEntries(["tagName", "removed", "attributes", "namespaceURI"].map((name) => [`late: ${name}`, async () => (await kept((r, keep) => r.on("p", { element: (e) => void keep(e) })))[name]])),
  "late: getAttribute": async () => (await kept((r, keep) => r.on("p", { element: (e) => void keep(e) }))).getAttribute("a"),
  "late: remove": async () => (await kept((r, keep) => r.on("p", { element: (e) => void keep(e) }))).remove(),
  "late: onEndTag": async () => (await kept((r, keep) => r.on("p", { element: (e) => void keep(e) }))).onEndTag(() => {}),
  "late: a text": async () => (await kept((r, keep) => r.on("p", { text: (t) => void keep(t) }))).text,
  "late: a comment": async () => (await kept((r, keep) => r.on("p", { comments: (c) => void keep(c) }))).text,
  "late: a doctype": async () => (await kept((r, keep) => r.onDocument({ doctype: (d) => void keep(d) }))).name,
  "late: the end": async () => (await kept((r, keep) => r.onDocument({ end: (e) => void keep(e) }))).append("x"),
  "late: an end tag": async () => (await kept((r, keep) => r.on("p", { element(e) { e.onEndTag((tag) => void keep(tag)); } }))).name,
  "late: an iterator": async () => { let iterator; await element((e) => { iterator = e.attributes; }); return iterator.next(); },
  "late: no argument comes first": async () => { const e = await kept((r, keep) => r.on("p", { element: (token) => void keep(token) })); return [attempt(() => e.before()), attempt(() => e.getAttribute()), attempt(() => e.getAttribute(Symbol("x")))]; },

  "text where only text may be": () => text((r) => r.on("p", {}), '<select><xmp><script>"use strict";</script></select>'),
  "markup that is cut off": async () => [await text((r) => r.on("p", { element(e) { e.append("!"); } }), "<p>x</p"), await text((r) => r.on("p", { element(e) { e.append("!"); } }), "<p>x<p ")],
  "markup that is odd": () => text((r) => r.on("p", { element(e) { e.setAttribute("x", ""); } }), "<p <b></p><p a=\">\">x</p x=1>"),
  "an end tag that is missing": () => text((r) => r.on("p", { element(e) { e.append("!"); } }), "<div><p>x</div>y"),
  "names in capitals": async () => { const found = []; await text((r) => r.on("*", { element(e) { found.push(e.tagName); } }), "<DIV><LinearGradient></DIV><My-El>"); return found; },
  "elements within elements without end": async () => (await text((r) => r.on("p", { element() {} }), "<div>".repeat(200000))).length,
  "esi:include": () => text((r) => r.on("esi\\:include", { element(e) { e.replace("R"); } }), 'a<esi:include src="x">b</esi:include>c'),
  "a body of bytes": () => text((r) => r.on("p", { element(e) { e.remove(); } }), encode("<p>x</p>y")),
  "a body of a Blob": () => text((r) => r.on("p", { element(e) { e.remove(); } }), new Blob(["<p>x</p>", "y"])),
  "a body of strings": () => text((r) => r.on("p", { element(e) { e.remove(); } }), new ReadableStream({ start(c) { c.enqueue("<p>x</p>y"); c.close(); } })),
  "a body that fails": () => text((r) => r, new ReadableStream({ pull() { throw new RangeError("src"); } })),
  "a body with a number in it": () => text((r) => r, new ReadableStream({ start(c) { c.enqueue(5); c.close(); } })),
  "a reader that stops": async () => {
    let why;
    const source = new ReadableStream({ pull(c) { c.enqueue(encode("<p>x")); }, cancel(reason) { why = reason; } });
    const reader = new HTMLRewriter().on("p", { element() {} }).transform(new Response(source)).body.getReader();
    await reader.read();
    await reader.cancel(new Error("enough"));
    await sleep(10);
    return why;
  },
  "nobody reads": async () => { let n = 0; new HTMLRewriter().on("p", { element() { ++n; } }).transform(new Response("<p><p>")); const before = n; await sleep(5); return [before, n]; },

  ...Object.fromEntries(charsets.map((charset) => [`charset ${charset}`, () => shownBytes((r) => r.on("p", { text(t) { if (t.text) t.before("\u00e9\u20ac\u044f\u6f22\u{1f600}"); }, element(e) { e.setAttribute("v", `${e.getAttribute("v")}\u00e9`); } }),
    bytes(60, 112, 32, 118, 61, 65, 62, 0xc9, 0xc0, 60, 47, 112, 62), { headers: { "content-type": `text/html; charset=${charset}` } })])),
  "charset in meta": () => shownBytes((r) => r.on("p", { text(t) { if (t.text) t.before("\u00e9"); } }), "<meta charset=latin1><p>x"),
  "charset in capitals": () => text((r) => r, "x", { headers: { "content-type": "text/html; CHARSET=UTF-8; x=y" } }),
  "charset twice": () => text((r) => r, "x", { headers: { "content-type": "text/html;charset=utf-8;charset=nope" } }),
  "charset: when it is refused": () => attempt(() => new HTMLRewriter().transform(new Response("x", { headers: { "content-type": "text/html; charset=nope" } }))),
};
