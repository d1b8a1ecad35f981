// SPDX-License-Identifier: GPL-3.0-or-later
// Blob, File, FormData, the methods of bodies, structuredClone, MessageChannel.

const bytes = (...values) => new Uint8Array(values);
const failure = (error) => (error instanceof Error ? `${error.constructor.name} ${error.name}: ${error.message}`.replace(/\s+/g, " ") : error);
const outcome = (run) => {
  try {
    return run();
  } catch (error) {
    return failure(error);
  }
};
const settled = async (run) => {
  try {
    return await run();
  } catch (error) {
    return failure(error);
  }
};
const withoutBoundary = (text) => {
  const boundary = /^--(\S+)/.exec(text)?.[1];
  return boundary ? text.replaceAll(boundary, "BOUNDARY") : text;
};
const entriesOf = async (form) => {
  const list = [];
  for (const [name, value] of form) list.push(value instanceof File ? [name, { name: value.name, type: value.type, text: await value.text() }] : [name, value]);
  return list;
};
const parse = (text, type = "multipart/form-data; boundary=x") => settled(async () => entriesOf(await new Response(text, { headers: { "content-type": type } }).formData()));
const part = (head, body) => `--x\r\n${head}\r\n\r\n${body}\r\n`;
const bodies = {
  text: () => new Response("text"), empty: () => new Response(""), none: () => new Response(null), bytes: () => new Response(bytes(0xff, 0xfe, 65)), mark: () => new Response(bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d)),
  json: () => new Response('{"a":[1,2]}'), bad: () => new Response("{"), stream: () => new Response(new Blob(["streamed"]).stream()), strings: () => new Response(new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } })),
  numbers: () => new Response(new ReadableStream({ start(c) { c.enqueue(1); c.close(); } })), error: () => new Response(new ReadableStream({ start(c) { c.error(new RangeError("mine")); } })),
  params: () => new Response(new URLSearchParams({ a: "1 2", b: "ü" })), request: () => new Request("http://x/", { method: "POST", body: "asked" }), bare: () => new Request("http://x/"), form: () => { const form = new FormData(); form.append("a", "1"); return new Response(form); },
  blob: () => new Response(new Blob(["in a blob"], { type: "Text/X" })), buffer: () => new Response(bytes(1, 2, 3).buffer), view: () => new Response(new DataView(bytes(1, 2, 3, 4).buffer, 1, 2)), object: () => new Response({}), number: () => new Response(5),
};
const methods = ["text", "json", "arrayBuffer", "bytes", "blob", "formData"];

export default {
  ...Object.fromEntries(Object.entries(bodies).flatMap(([name, make]) => methods.map((method) => [`body ${name}: ${method}`, async () => {
    const owner = make();
    const value = await settled(() => owner[method]());
    // The boundary is another one each time, and V8's words for bad JSON are those of its version.
    if (name === "form" && method !== "formData") return [typeof value, owner.bodyUsed];
    if (typeof value === "string" && value.startsWith("SyntaxError")) return ["SyntaxError", owner.bodyUsed];
    if (value instanceof Blob) return [value.type, value.size, await value.text(), owner.bodyUsed];
    if (value instanceof FormData) return [await entriesOf(value), owner.bodyUsed];
    return [value, owner.bodyUsed];
  }]))),
  ...Object.fromEntries(methods.map((method) => [`body read twice: ${method}`, async () => {
    const response = new Response("1");
    await response.text();
    return response[method]();
  }])),
  ...Object.fromEntries(methods.map((method) => [`body locked: ${method}`, async () => {
    const response = new Response("1");
    response.body.getReader();
    return [response.bodyUsed, await settled(() => response[method]())];
  }])),
  ...Object.fromEntries(methods.map((method) => [`body partly read: ${method}`, async () => {
    const response = new Response("1");
    const reader = response.body.getReader();
    await reader.read();
    reader.releaseLock();
    return [response.bodyUsed, await settled(() => response[method]())];
  }])),
  "body cancelled": async () => {
    const response = new Response("1");
    await response.body.cancel();
    return [response.bodyUsed, await settled(() => response.text())];
  },
  "body used by another Response": async () => {
    const stream = new Blob(["x"]).stream();
    const first = new Response(stream);
    const second = outcome(() => new Response(stream));
    return [typeof second, await first.text(), await settled(() => second.text())];
  },
  "Response of a locked stream": () => {
    const stream = new ReadableStream();
    stream.getReader();
    return new Response(stream);
  },
  "Response of a read stream": async () => {
    const stream = new Blob(["ab"]).stream();
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    return new Response(stream);
  },
  "clone of a used body": async () => {
    const response = new Response("1");
    await response.text();
    return response.clone();
  },
  "clone of a locked body": () => {
    const response = new Response("1");
    response.body.getReader();
    return response.clone();
  },
  "both clones are read": async () => {
    const response = new Response(new Blob(["abc"]).stream());
    const other = response.clone();
    return [await response.text(), await other.text(), response.bodyUsed, other.bodyUsed];
  },
  "body is the same object": () => {
    const response = new Response("x");
    return [response.body === response.body, new Response(null).body, new Response("").body instanceof ReadableStream];
  },
  "content types of bodies": () => [bodies.text(), bodies.bytes(), bodies.params(), bodies.blob(), bodies.stream(), bodies.none(), bodies.object(), new Response(new Blob(["x"]))].map((one) => one.headers.get("content-type")),
  "content type of a form": () => bodies.form().headers.get("content-type").replace(/boundary=.*/, "boundary="),
  "body of a symbol": () => new Response(Symbol("x")),
  "body whose toString throws": () => new Response({ toString() { throw new RangeError("mine"); } }),
  "body of a detached buffer": async () => {
    const buffer = bytes(1, 2).buffer;
    structuredClone(buffer, { transfer: [buffer] });
    return new Response(buffer).text();
  },
  "body of a SharedArrayBuffer": async () => new Response(new SharedArrayBuffer(2)).text(),
  "body changes after the Response": async () => {
    const view = bytes(65, 66);
    const response = new Response(view);
    view[0] = 67;
    return response.text();
  },

  "Blob: parts": () => Promise.all([[], ["a", "b"], [bytes(65), bytes(66).buffer, new DataView(bytes(67, 68).buffer, 1)], [new Blob(["x"]), "y"], [1, null, undefined, {}, [1, 2]], ["\ud800"], ["ä\n\r\n"], new Set(["a"]), "ab", bytes(65, 66)].map((parts) => settled(async () => new Blob(parts).text()))),
  "Blob: parts of other types": () => [null, 1, {}, "text", true, () => {}, Symbol("x")].map((parts) => outcome(() => new Blob(parts).size)),
  "Blob: no argument": () => [new Blob().size, new Blob().type, new Blob(undefined).size],
  "Blob: parts that throw": () => new Blob([{ toString() { throw new RangeError("mine"); } }]),
  "Blob: symbol part": () => new Blob([Symbol("x")]),
  "Blob: types": () => ["a/b", "A/B", "ä/b", "a/b\u007f", "a\tb", "", null, 5, undefined, " x "].map((type) => outcome(() => new Blob([], { type }).type)),
  "Blob: options": () => [null, 1, "x", {}, { endings: "native" }, { endings: "other" }, () => {}].map((options) => outcome(() => new Blob(["a\nb"], options).size)),
  "Blob: slices": () => Promise.all([[], [1], [1, 3], [-2], [-3, -1], [3, 1], [0, 100], [100], [null, 2], [undefined, 2], ["1", "2"], [NaN], [1.9, 3.9], [-1e20, 1e20], [0, 1, "T/x"], [0, 1, "ä"]].map((args) => settled(async () => { const slice = new Blob(["abcde"], { type: "a/b" }).slice(...args); return [await slice.text(), slice.type]; }))),
  "Blob: methods": async () => {
    const blob = new Blob(["äb"]);
    return [await blob.text(), await blob.arrayBuffer(), await blob.bytes(), blob.size, Object.prototype.toString.call(blob)];
  },
  "Blob: mark in text": () => new Blob([bytes(0xef, 0xbb, 0xbf, 65)]).text(),
  "Blob: stream": async () => {
    const stream = new Blob(["abc"]).stream();
    const reader = stream.getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(2));
    const second = await reader.read(new Uint8Array(2));
    const third = await reader.read(new Uint8Array(2));
    return [first.value, first.done, second.value, second.done, third.value, third.done];
  },
  "Blob: text on another this": () => Blob.prototype.text.call({}),
  "Blob: copies what it is made of": async () => {
    const view = bytes(65);
    const blob = new Blob([view]);
    view[0] = 66;
    return blob.text();
  },
  "File: constructor": () => [[["a"], "n"], [["a"], "n/x:y"], [["a"], 5], [["a"], ""], [undefined, "n"], [[], "n", { type: "A/b", lastModified: 5 }]].map((args) => outcome(() => { const file = new File(...args); return [file.name, file.size, file.type, args[2] ? file.lastModified : typeof file.lastModified]; })),
  "File: too few arguments": () => [[], [[]], [["a"]], [null, "x"]].map((args) => outcome(() => new File(...args).name)),
  "File: lastModified": () => [0, -1, 1.9, "12", NaN, Infinity, null, {}, 1e18, new Date(7), 5n].map((lastModified) => outcome(() => new File([], "n", { lastModified }).lastModified)),
  "File: is a Blob": async () => {
    const file = new File(["ab"], "n", { type: "x/y" });
    return [file instanceof Blob, await file.text(), Object.prototype.toString.call(file), file.slice(0, 1) instanceof File, file.slice(0, 1).type, Object.getPrototypeOf(File) === Blob, Object.getPrototypeOf(File.prototype) === Blob.prototype];
  },

  "FormData: append, get, has, delete": () => {
    const form = new FormData();
    form.append("a", "1");
    form.append("a", 2);
    form.append("b", null);
    form.append("", undefined);
    const before = [form.get("a"), form.getAll("a"), form.has("b"), form.get("c"), form.getAll("c"), [...form]];
    form.delete("a");
    return [before, form.has("a"), [...form.keys()], [...form.values()], [...form.entries()]];
  },
  "FormData: set keeps the first place": () => {
    const form = new FormData();
    for (const [name, value] of [["a", "1"], ["b", "2"], ["a", "3"], ["c", "4"], ["a", "5"]]) form.append(name, value);
    form.set("a", "new");
    form.set("d", "last");
    return [...form];
  },
  "FormData: files": async () => {
    const form = new FormData();
    form.append("a", new Blob(["x"], { type: "t/x" }));
    form.append("b", new Blob(["y"]), "named.txt");
    form.append("c", new File(["z"], "own.txt"));
    form.append("d", new File(["z"], "own.txt", { type: "t/z", lastModified: 5 }), "other.txt");
    return [await entriesOf(form), form.get("a") instanceof File, typeof form.get("d").lastModified];
  },
  "FormData: file name with a string": () => new FormData().append("a", "text", "name"),
  "FormData: set a file name with a string": () => new FormData().set("a", "text", "name"),
  "FormData: too few arguments": () => [() => new FormData().append("a"), () => new FormData().append(), () => new FormData().set("a"), () => new FormData().get(), () => new FormData().getAll(), () => new FormData().has(), () => new FormData().delete(), () => new FormData().forEach()].map(outcome),
  "FormData: constructor's argument": () => [undefined, null, {}, "x", 1].map((value) => outcome(() => [...new FormData(value)])),
  "FormData: values of other types": () => {
    const form = new FormData();
    for (const value of [1, true, {}, [1, 2], 5n]) form.append("v", value);
    return form.getAll("v");
  },
  "FormData: symbol": () => [outcome(() => new FormData().append(Symbol("n"), "v")), outcome(() => new FormData().append("n", Symbol("v")))],
  "FormData: lone surrogates": () => {
    const form = new FormData();
    form.append("\ud800", "\udc00");
    return [...form].flat().map((text) => [...text].map((c) => c.charCodeAt(0)));
  },
  "FormData: forEach": () => {
    const form = new FormData();
    form.append("a", "1");
    form.append("b", "2");
    const seen = [];
    form.forEach(function (value, name, parent) { seen.push([value, name, parent === form, this]); }, "self");
    return [seen, outcome(() => form.forEach(5)), outcome(() => form.forEach(() => { throw new RangeError("mine"); }))];
  },
  "FormData: changed while iterated": () => {
    const form = new FormData();
    form.append("a", "1");
    form.append("b", "2");
    const seen = [];
    for (const [name] of form) {
      seen.push(name);
      if (seen.length < 4) form.append(`n${seen.length}`, "x");
    }
    return seen;
  },
  "FormData: iterators": () => {
    const form = new FormData();
    form.append("a", "1");
    const iterator = form.entries();
    return [Object.prototype.toString.call(iterator), typeof iterator[Symbol.iterator], iterator.next(), iterator.next(), iterator.next(), FormData.prototype.entries === FormData.prototype[Symbol.iterator]];
  },
  "FormData: sent": async () => {
    const form = new FormData();
    form.append("plain", "value");
    form.append("ünï", "ä\r\nö\nx\ry");
    form.append('quo"te\r\n', "v");
    form.append("file", new Blob(["bytes"], { type: "text/x" }), 'na"me\r\n.txt');
    form.append("untyped", new Blob(["bytes"]));
    form.append("", "");
    return withoutBoundary(await new Response(form).text());
  },
  "FormData: nothing, sent": async () => (await new Response(new FormData()).text()).replace(/--\w+--/, "--BOUNDARY--"),
  "FormData: length of the boundary": async () => {
    const response = new Response(new FormData());
    return [/boundary=(.*)$/.exec(response.headers.get("content-type"))[1].length, (await response.text()).length];
  },
  "FormData: there and back": async () => {
    const form = new FormData();
    form.append("a", "1\r\n2");
    form.append("ü", "ä");
    form.append("file", new File([bytes(0, 255, 13, 10)], "ñ.bin", { type: "application/x" }));
    const back = await new Response(form).formData();
    return [await entriesOf(back), await back.get("file").bytes()];
  },
  "multipart: plain": () => parse(part('Content-Disposition: form-data; name="a"', "1") + part('content-disposition:form-data;name=b', "2") + "--x--\r\n"),
  "multipart: preamble and epilogue": () => parse("before\r\n" + part('Content-Disposition: form-data; name="a"', "1") + "--x--\r\nafter"),
  "multipart: file": () => parse(part('Content-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/x; charset=y', "body\r\nmore") + "--x--"),
  "multipart: file without type": () => parse(part('Content-Disposition: form-data; name="f"; filename="n.txt"', "body") + "--x--"),
  "multipart: empty file name": () => parse(part('Content-Disposition: form-data; name="f"; filename=""', "body") + "--x--"),
  "multipart: type without file name": () => parse(part('Content-Disposition: form-data; name="f"\r\nContent-Type: text/x', "body") + "--x--"),
  "multipart: file name with star": () => parse(part("Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''n%20x.txt", "body") + "--x--"),
  "multipart: escapes": () => parse(part('Content-Disposition: form-data; name="a%22b%0D%0A"; filename="c\\"d.txt"', "body") + "--x--"),
  "multipart: UTF-8 names": () => parse(part('Content-Disposition: form-data; name="ü"; filename="ñ.txt"', "ä") + "--x--"),
  "multipart: no end": () => parse(part('Content-Disposition: form-data; name="a"', "1")),
  "multipart: cut": () => parse('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
  "multipart: nothing": () => parse(""),
  "multipart: only the end": () => parse("--x--"),
  "multipart: only the end and a line": () => parse("--x--\r\n"),
  "multipart: no disposition": () => parse(part("Content-Type: text/plain", "1") + "--x--"),
  "multipart: other disposition": () => parse(part('Content-Disposition: attachment; name="a"', "1") + "--x--"),
  "multipart: no name": () => parse(part("Content-Disposition: form-data", "1") + "--x--"),
  "multipart: no head": () => parse("--x\r\n\r\nbody\r\n--x--"),
  "multipart: bare line feeds": () => parse('--x\nContent-Disposition: form-data; name="a"\n\n1\n--x--\n'),
  "multipart: space after the boundary": () => parse('--x  \r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--  \r\n'),
  "multipart: another boundary": () => parse('--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--y--'),
  "multipart: boundary in the body": () => parse(part('Content-Disposition: form-data; name="a"', "1 --x 2\r\n--xy") + "--x--"),
  "multipart: no boundary": () => parse("--x--", "multipart/form-data"),
  "multipart: empty boundary": () => parse("----", "multipart/form-data; boundary="),
  "multipart: quoted boundary": () => parse('--a b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--a b--', 'multipart/form-data; boundary="a b"'),
  "multipart: boundary in other case": () => parse(part('Content-Disposition: form-data; name="a"', "1") + "--x--", "Multipart/Form-Data; Boundary=x; charset=utf-8"),
  "multipart: other type": () => parse("--x--", "multipart/mixed; boundary=x"),
  "multipart: base64": () => parse(part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', "YWJj") + "--x--"),
  "multipart: same name twice": () => parse(part('Content-Disposition: form-data; name="a"', "1") + part('Content-Disposition: form-data; name="a"', "2") + "--x--"),
  "multipart: empty value": () => parse(part('Content-Disposition: form-data; name="a"', "") + "--x--"),
  "urlencoded": () => parse("a=1&b=2+3&a=%C3%BC&=x&c&&d=%zz&e=%ff", "application/x-www-form-urlencoded"),
  "urlencoded with charset": () => parse("a=1", "application/x-www-form-urlencoded;charset=UTF-8"),
  "urlencoded in other case": () => parse("a=1", "Application/X-WWW-Form-Urlencoded"),
  "urlencoded, nothing": () => parse("", "application/x-www-form-urlencoded"),
  "form of another type": () => parse("a=1", "text/plain"),
  "form without type": () => settled(() => new Response(bytes(65)).formData()),

  "structuredClone: all kinds": () => structuredClone({
    list: [undefined, null, true, -0, NaN, 12n, "tëxt"], date: new Date(5), regexp: /a(b)/gi, map: new Map([["k", new Set([1])]]), views: [bytes(1, 2), new Float64Array([1.5]), new DataView(bytes(3, 4).buffer, 1), new BigInt64Array([5n])],
    buffer: bytes(9).buffer, wrapped: [Object("s").valueOf(), Object(5).valueOf()], nested: { a: { b: [] } },
  }),
  "structuredClone: errors": () => [new Error("a"), new TypeError("b"), new RangeError("c"), new EvalError("d"), new URIError("e"), new SyntaxError("f"), new ReferenceError("g"), Object.assign(new Error("h"), { name: "Mine", extra: 1 }), new (class Own extends TypeError {})("i"), new AggregateError([1], "j")].map((error) => outcome(() => { const copy = structuredClone(error); return [copy.name, copy.message, copy.constructor.name, copy.extra, copy instanceof Error]; })),
  "structuredClone: cause": () => { const copy = structuredClone(new Error("a", { cause: new TypeError("b") })); return [copy.cause?.message, copy.cause?.constructor?.name]; },
  "structuredClone: DOMException": () => { const copy = structuredClone(new DOMException("a", "DataCloneError")); return [copy.name, copy.message, copy.code, copy instanceof DOMException]; },
  ...Object.fromEntries(Object.entries({
    function: () => (one) => one, symbol: () => Symbol("s"), WeakMap: () => new WeakMap(), WeakSet: () => new WeakSet(), WeakRef: () => new WeakRef({}), promise: () => Promise.resolve(), proxy: () => new Proxy({ a: 1 }, {}), generator: () => (function* () {})(), SharedArrayBuffer: () => new SharedArrayBuffer(2),
    Blob: () => new Blob(["x"]), File: () => new File(["x"], "n"), FormData: () => new FormData(), Headers: () => new Headers({ a: "b" }), Request: () => new Request("http://x/"), Response: () => new Response("x"), URL: () => new URL("http://x/"), URLSearchParams: () => new URLSearchParams("a=b"),
    ReadableStream: () => new ReadableStream(), WritableStream: () => new WritableStream(), TransformStream: () => new TransformStream(), AbortSignal: () => AbortSignal.abort(), AbortController: () => new AbortController(), Event: () => new Event("x"), EventTarget: () => new EventTarget(), TextEncoder: () => new TextEncoder(),
    TextDecoder: () => new TextDecoder(), MessageChannel: () => new MessageChannel(), MessagePort: () => new MessageChannel().port1, crypto: () => crypto, iterator: () => [][Symbol.iterator](), Intl: () => new Intl.NumberFormat("en"), global: () => globalThis, arguments: () => (function () { return arguments; })(1, 2), CompressionStream: () => new CompressionStream("gzip"),
  }).map(([name, make]) => [`structuredClone: ${name}`, () => { const copy = structuredClone(make()); return [Object.prototype.toString.call(copy), copy]; }])),
  "structuredClone: no argument": () => structuredClone(),
  "structuredClone: options of other types": () => [null, 1, "x", [], {}, { transfer: null }, { transfer: undefined }, { transfer: 1 }, { transfer: {} }, { transfer: "" }, { transfer: [1] }, { transfer: [{}] }, { transfer: [null] }, { transfer: new Set() }].map((options) => outcome(() => structuredClone({ a: 1 }, options))),
  "structuredClone: transfer": () => {
    const buffer = bytes(1, 2).buffer;
    const copy = structuredClone({ buffer, view: new Uint8Array(buffer, 1) }, { transfer: [buffer] });
    return [buffer.byteLength, copy.buffer, copy.view, copy.view.buffer === copy.buffer];
  },
  "structuredClone: transfer twice": () => { const buffer = new ArrayBuffer(1); return structuredClone(1, { transfer: [buffer, buffer] }); },
  "structuredClone: transfer of a detached buffer": () => { const buffer = new ArrayBuffer(1); structuredClone(buffer, { transfer: [buffer] }); return structuredClone(1, { transfer: [buffer] }); },
  "structuredClone: of a detached buffer": () => { const buffer = new ArrayBuffer(1); structuredClone(buffer, { transfer: [buffer] }); return structuredClone(buffer); },
  "structuredClone: transfer of streams": () => [() => new ReadableStream(), () => new WritableStream(), () => new TransformStream(), () => new MessageChannel().port1].map((make) => outcome(() => { const value = make(); return Object.prototype.toString.call(structuredClone(value, { transfer: [value] })); })),
  "structuredClone: transfer of a view": () => { const view = bytes(1); return structuredClone(view, { transfer: [view] }); },
  "structuredClone: a failure leaves the buffer": () => { const buffer = new ArrayBuffer(3); return [outcome(() => structuredClone({ f() {}, buffer }, { transfer: [buffer] })), buffer.byteLength]; },
  "structuredClone: getters": () => structuredClone({ get a() { return 1; } }),
  "structuredClone: getters that throw": () => structuredClone({ get a() { throw new RangeError("mine"); } }),
  "structuredClone: classes": () => { class Point { x = 1; #y = 2; get z() { return 3; } } const copy = structuredClone(new Point()); return [copy, copy.constructor === Object]; },
  "structuredClone: cycles": () => { const value = { list: [] }; value.self = value; value.list.push(value); const copy = structuredClone(value); return [copy.self === copy, copy.list[0] === copy, copy !== value]; },
  "structuredClone: sparse": () => { const list = [1, , 3]; list.extra = "x"; const copy = structuredClone(list); return [copy.length, 1 in copy, copy.extra]; },
  "structuredClone: lastIndex": () => { const expression = /a/g; expression.lastIndex = 3; return structuredClone(expression).lastIndex; },

  "MessageChannel: a message": () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = (event) => { resolve([event.data, event.type, event instanceof MessageEvent, event.target === port2, event.ports, event.origin, event.lastEventId, event.source]); port2.close(); }; port1.postMessage({ a: [1, new Date(5)] }); }),
  "MessageChannel: listener and start": () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); const seen = []; port1.postMessage(1); port1.postMessage(2); port2.addEventListener("message", (event) => { seen.push(event.data); if (seen.length === 2) resolve(seen); }); port2.start(); }),
  "MessageChannel: order": () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); const seen = []; port2.onmessage = (event) => { seen.push(event.data); if (event.data === 3) resolve(seen); }; for (const n of [1, 2, 3]) port1.postMessage(n); seen.push("posted"); Promise.resolve().then(() => seen.push("microtask")); }),
  "MessageChannel: function": () => { const { port1 } = new MessageChannel(); port1.postMessage((one) => one); },
  "MessageChannel: transfer": () => { const { port1 } = new MessageChannel(); const buffer = new ArrayBuffer(1); return [outcome(() => port1.postMessage(buffer, [buffer])), buffer.byteLength]; },
  "MessageChannel: after close": () => { const { port1, port2 } = new MessageChannel(); port1.close(); return [outcome(() => port1.postMessage(1)), outcome(() => port2.postMessage(1)), outcome(() => port1.close())]; },
  "MessageChannel: close event": () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port2.addEventListener("close", (event) => resolve([event.type, event.constructor.name])); port2.start(); port1.close(); setTimeout(() => resolve("none"), 50); }),
  "MessageChannel: onmessage's values": () => { const { port1 } = new MessageChannel(); const seen = [port1.onmessage]; for (const value of [1, {}, "x", null, () => {}]) { seen.push(outcome(() => { port1.onmessage = value; return typeof port1.onmessage; })); } return seen; },
  "MessageChannel: outside": () => [outcome(() => new MessagePort()), Object.getOwnPropertyNames(new MessageChannel()).sort(), new MessageChannel().port1 instanceof EventTarget, outcome(() => MessageChannel()), new MessageChannel().port1 instanceof MessagePort],
  "MessageChannel: no argument": () => new MessageChannel().port1.postMessage(),
  "descriptors": () => [Blob, File, FormData, MessageChannel, MessagePort].map((one) => Object.getOwnPropertyNames(one.prototype).map((key) => {
    const found = Object.getOwnPropertyDescriptor(one.prototype, key);
    return `${key} ${found.enumerable} ${typeof found.get} ${typeof found.set} ${typeof found.value} ${found.value?.length}`;
  })),
};
