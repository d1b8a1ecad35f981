// SPDX-License-Identifier: GPL-3.0-or-later
// A URL that is only cut at its marks must look the same as one that went through the whole parser.

const members = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
const parsed = (text) => {
  const url = new URL("http://x/");
  url.href = text; // always through the whole parser
  return url;
};
const outcome = (make, text) => {
  try {
    const url = make(text);
    return JSON.stringify([...members.map((name) => url[name]), [...url.searchParams], url.searchParams.toString(), String(url), JSON.stringify(url)]);
  } catch (error) {
    return error.name;
  }
};

let seed = 12345;
const random = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;
const pick = (list) => list[random(list.length)];
const schemes = ["http:", "https:", "HTTP:", "ftp:", "http", "ws:"];
const hosts = ["localhost", "example.com", "a-b.example.com", "127.0.0.1", "127.1", "0x7f.1", "256.1.1.1", "1.2.3.4.5", "ex_ample.com", "EXAMPLE.com", "xn--nxasmq6b.com", "a.b.", "",
  "[::1]", "-a.com", "a-.com", "a..b", "example.1", "example.0x1", "1.example.com", "a.1b", "a%41.com", "user@host", "user:pw@host", "\u00fc.de"];
const ports = ["", ":80", ":443", ":8788", ":0", ":65535", ":65536", ":080", ":", ":x"];
const paths = ["", "/", "/a/b", "/a/../b", "/a/./b", "/.", "/..", "/%2e%2e/x", "/%2E/x", "/a%20b", "/a b", "/a\\b", "//x", "/.hidden", "/a;b=c,d", "/\u00e9", "/a|b", "/^", "/{x}", "/%zz", "/'", "/\"", "/a@b:c", "/~[x]"];
const queries = ["", "?", "?a=1", "?a=1&b=2&a=3", "?a=%20+b", "?'", "?a=\u00e9", "?x y", "?a=b=c&&d", "?%zz=%", "?/?:@", "?[a]=1", "?%FF=%C3%A9"];
const hashes = ["", "#", "#top", "#a b", "#'x'", "#\u00e9", "#`", "#%zz"];

test("generated URLs", () => {
  for (let i = 0; i < 1500; ++i) {
    const text = pick(schemes) + pick(["//", "//", "//", "/", ""]) + pick(hosts) + pick(ports) + pick(paths) + pick(queries) + pick(hashes);
    equal(outcome((t) => new URL(t), text), outcome(parsed, text), text);
  }
});

test("a path on an origin", () => {
  for (const base of ["http://localhost:8788/x?y#z", "https://example.com", "http://127.0.0.1/a/b"]) {
    for (const path of ["/", "/a", "/a?b=1#c", "//other/x", "/../x", "/a b", "/%2e/x", "/\\x"]) {
      equal(outcome((t) => new URL(t, new URL(base)), path), outcome((t) => new URL(t, base), path), base + " " + path);
    }
  }
});

test("changes go on from a plain URL", () => {
  const url = new URL("http://localhost:8788/a/b?x=1#h");
  const params = url.searchParams;
  params.append("y", "two words");
  equal(url.href, "http://localhost:8788/a/b?x=1&y=two+words#h", "append");
  url.search = "?z=9";
  equal(params.get("z"), "9", "search is seen by the params");
  equal(params.has("x"), false, "old ones are gone");
  params.delete("z");
  equal(url.href, "http://localhost:8788/a/b#h", "no empty question mark");
  url.pathname = "/c d";
  url.port = "";
  url.hash = "";
  equal(url.href, "http://localhost/c%20d", "setters");
  url.href = "https://example.com/?q=1";
  equal(params.get("q"), "1", "href is seen by the params");
});
