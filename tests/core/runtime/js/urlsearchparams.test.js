// SPDX-License-Identifier: GPL-3.0-or-later

test("made from each kind", () => {
  equal(new URLSearchParams("?a=1&b=2&a=3").toString(), "a=1&b=2&a=3");
  equal(new URLSearchParams({ a: "1", b: 2 }).toString(), "a=1&b=2");
  equal(new URLSearchParams([["a", "1"], ["a", "2"]]).toString(), "a=1&a=2");
  equal(new URLSearchParams(new Map([["k", "v"]])).toString(), "k=v");
  equal(new URLSearchParams(new URLSearchParams("x=y")).toString(), "x=y");
  equal(new URLSearchParams().toString(), "");
  throws(() => new URLSearchParams([["a"]]), TypeError);
});

test("decoding and encoding", () => {
  const params = new URLSearchParams("a=b+c&d=%20%C3%BC&e&=f&&g=%zz&h=%ff");
  deepEqual([...params], [["a", "b c"], ["d", " ü"], ["e", ""], ["", "f"], ["g", "%zz"], ["h", "\ufffd"]]);
  equal(new URLSearchParams({ "a b": "ü&=+~*-._'" }).toString(), "a+b=%C3%BC%26%3D%2B%7E*-._%27");
});

test("reading and changing", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  equal(params.get("a"), "1");
  deepEqual(params.getAll("a"), ["1", "3"]);
  equal(params.get("c"), null);
  equal(params.size, 3);
  params.set("a", "x");
  equal(params.toString(), "a=x&b=2");
  params.append("b", "3");
  equal(params.has("b", "3"), true);
  equal(params.has("b", "4"), false);
  params.delete("b", "2");
  equal(params.toString(), "a=x&b=3");
  params.delete("a");
  equal(params.has("a"), false);
});

test("order and iteration", () => {
  const params = new URLSearchParams("z=b&a=b&z=a&a=a");
  params.sort();
  equal(params.toString(), "a=b&a=a&z=b&z=a");
  deepEqual([...params.keys()], ["a", "a", "z", "z"]);
  deepEqual([...params.values()], ["b", "a", "b", "a"]);
  const seen = [];
  params.forEach((value, key, all) => seen.push(key + value + (all === params)));
  deepEqual(seen, ["abtrue", "aatrue", "zbtrue", "zatrue"]);
  deepEqual(Object.fromEntries(new URLSearchParams("q=1&r=2")), { q: "1", r: "2" });
});
