// SPDX-License-Identifier: GPL-3.0-or-later

test("names are case-insensitive, values are trimmed", () => {
  const headers = new Headers({ "X-One": "  1\t", "x-two": "2" });
  equal(headers.get("x-oNe"), "1");
  equal(headers.has("X-TWO"), true);
  equal(headers.get("absent"), null);
  headers.set("X-One", "3");
  equal(headers.get("x-one"), "3");
  headers.delete("x-ONE");
  equal(headers.has("x-one"), false);
});

test("append joins with a comma, set replaces all", () => {
  const headers = new Headers();
  headers.append("a", "1");
  headers.append("A", "2");
  equal(headers.get("a"), "1, 2");
  headers.set("a", "3");
  equal(headers.get("a"), "3");
  headers.append("b", "");
  equal(headers.get("b"), "");
});

test("made from pairs, from another Headers, from a Map, from a record", () => {
  const first = new Headers([["a", "1"], ["b", "2"], ["a", "3"]]);
  equal(first.get("a"), "1, 3");
  const second = new Headers(first);
  second.set("a", "x");
  equal(first.get("a"), "1, 3");
  equal(second.get("b"), "2");
  equal(new Headers(new Map([["k", "v"]])).get("k"), "v");
  equal(new Headers({ n: 5 }).get("n"), "5");
  equal([...new Headers()].length, 0);
  equal([...new Headers(undefined)].length, 0);
});

test("iteration is sorted, lower-case, and joined", () => {
  const headers = new Headers([["Zeta", "z"], ["alpha", "a"], ["Alpha", "b"]]);
  deepEqual([...headers], [["alpha", "a, b"], ["zeta", "z"]]);
  deepEqual([...headers.keys()], ["alpha", "zeta"]);
  deepEqual([...headers.values()], ["a, b", "z"]);
  deepEqual([...headers.entries()], [...headers]);
  const seen = [];
  headers.forEach(function (value, name, all) {
    seen.push([name, value, all === headers, this.mark]);
  }, { mark: 1 });
  deepEqual(seen, [["alpha", "a, b", true, 1], ["zeta", "z", true, 1]]);
  deepEqual(Object.fromEntries(headers), { alpha: "a, b", zeta: "z" });
});

test("Set-Cookie values stay apart", () => {
  const headers = new Headers([["Set-Cookie", "a=1; Path=/"], ["set-cookie", "b=2"], ["x", "y"]]);
  deepEqual(headers.getSetCookie(), ["a=1; Path=/", "b=2"]);
  deepEqual(headers.getAll("Set-Cookie"), ["a=1; Path=/", "b=2"]);
  equal(headers.get("set-cookie"), "a=1; Path=/, b=2");
  deepEqual([...headers], [["set-cookie", "a=1; Path=/"], ["set-cookie", "b=2"], ["x", "y"]]);
  deepEqual(new Headers(headers).getSetCookie(), ["a=1; Path=/", "b=2"]);
  throws(() => headers.getAll("x"), TypeError, 'getAll() can only be used with the header name "Set-Cookie".');
});

test("bad names, values and initializers are refused", () => {
  for (const name of ["a b", "a:b", "a\n", "(", "\x7f"]) throws(() => new Headers().set(name, "v"), TypeError);
  for (const value of ["a\nb", "a\rb", "a\0b"]) throws(() => new Headers().append("n", value), TypeError);
  throws(() => new Headers([["a"]]), TypeError, "each inner sequence must have exactly two elements");
  throws(() => new Headers([["a", "b", "c"]]), TypeError, "each inner sequence must have exactly two elements");
  throws(() => new Headers("x"), TypeError);
  throws(() => new Headers(null), TypeError);
  throws(() => Headers(), TypeError);
  throws(() => new Headers().get("a b"), TypeError);
  throws(() => new Headers().has("a@"), TypeError, "Invalid header name.");
});

test("long runs of spaces cost no more than their length", () => {
  const value = "a" + " ".repeat(1 << 20) + "b";
  equal(new Headers({ a: " \t" + value + "\r\n " }).get("a"), value);
});

test("values outside of ASCII survive", () => {
  const headers = new Headers({ a: "ü€" });
  equal(headers.get("a"), "ü€");
});

test("what it says it is", () => {
  equal(Object.prototype.toString.call(new Headers()), "[object Headers]");
  equal(String(new Headers().entries()), "[object EntryIterator]");
});
