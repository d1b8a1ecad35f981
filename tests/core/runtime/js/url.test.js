// SPDX-License-Identifier: GPL-3.0-or-later

const cases = [
  // input, base, href
  ["http://EXAMPLE.com:80/../a/./b/%7Ex?q#f", undefined, "http://example.com/a/b/%7Ex?q#f"],
  ["https://user:p%40ss@host:8443/p", undefined, "https://user:p%40ss@host:8443/p"],
  ["//other/x", "https://host/a/b", "https://other/x"],
  ["../c?d", "https://host/a/b/", "https://host/a/c?d"],
  ["#h", "https://host/a?b", "https://host/a?b#h"],
  ["http://[::1]:8787/", undefined, "http://[::1]:8787/"],
  ["http://[2001:DB8:0:0:0:0:0:1]/", undefined, "http://[2001:db8::1]/"],
  ["http://0x7f.1/", undefined, "http://127.0.0.1/"],
  ["http://bücher.example/ä?ö#ü", undefined, "http://xn--bcher-kva.example/%C3%A4?%C3%B6#%C3%BC"],
  ["file:///C:/a/../b", undefined, "file:///C:/b"],
  ["mailto:a@b", undefined, "mailto:a@b"],
  ["data:text/plain,x y", undefined, "data:text/plain,x y"],
  ["http:\\\\host\\p", undefined, "http://host/p"],
  ["  http://host/ \n", undefined, "http://host/"],
  ["http://host/a\tb\nc", undefined, "http://host/abc"],
  ["http://host?'\"<>", undefined, "http://host/?%27%22%3C%3E"],
];

for (const [input, base, href] of cases) test(`parses ${input}`, () => equal(new URL(input, base).href, href));

test("bad URLs", () => {
  for (const input of ["", "foo", "/p", "http://", "http://a b/", "http://host:99999/", "http://[::1", "http://a%zz/", "http://1.2.3.256/"]) {
    throws(() => new URL(input), TypeError);
    equal(URL.canParse(input), false);
    equal(URL.parse(input), null);
  }
  throws(() => new URL("x", "y"), TypeError);
  throws(() => new URL(), TypeError);
  throws(() => URL("http://a"), TypeError);
});

test("canParse and parse", () => {
  equal(URL.canParse("http://a"), true);
  equal(URL.canParse("b", "http://a"), true);
  equal(URL.parse("b", "http://a").href, "http://a/b");
});

test("the parts", () => {
  const url = new URL("https://user:pw@host:8443/p/q?a=1&b=2#frag");
  equal(url.protocol, "https:");
  equal(url.username, "user");
  equal(url.password, "pw");
  equal(url.host, "host:8443");
  equal(url.hostname, "host");
  equal(url.port, "8443");
  equal(url.pathname, "/p/q");
  equal(url.search, "?a=1&b=2");
  equal(url.hash, "#frag");
  equal(url.origin, "https://host:8443");
  equal(String(url), url.href);
  equal(JSON.stringify({ url }), `{"url":"${url.href}"}`);
  equal(new URL("mailto:x").origin, "null");
  equal(Object.prototype.toString.call(url), "[object URL]");
});

test("the setters", () => {
  const url = new URL("http://host/p");
  url.protocol = "https";
  url.host = "other:444";
  url.pathname = "a b/ü";
  url.search = "x=y z";
  url.hash = "h h";
  url.username = "me@";
  url.password = ":";
  equal(url.href, "https://me%40:%3A@other:444/a%20b/%C3%BC?x=y%20z#h%20h");
  url.port = "443";
  equal(url.port, "");
  url.port = "99999";
  equal(url.port, "");
  url.hash = "";
  url.search = "";
  equal(url.href, "https://me%40:%3A@other/a%20b/%C3%BC");
  url.protocol = "mailto";
  equal(url.protocol, "https:");
  url.hostname = "";
  equal(url.hostname, "other");
  throws(() => (url.href = "nope"), TypeError);
  url.href = "http://new/";
  equal(url.host, "new");
});

test("searchParams and search are one", () => {
  const url = new URL("http://a/?x=1");
  const params = url.searchParams;
  equal(params, url.searchParams);
  params.append("y", "2 3");
  equal(url.search, "?x=1&y=2+3");
  url.search = "?z=4";
  equal(params.get("z"), "4");
  equal(params.has("x"), false);
  params.delete("z");
  equal(url.href, "http://a/");
});
