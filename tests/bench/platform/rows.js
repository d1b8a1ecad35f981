// SPDX-License-Identifier: GPL-3.0-or-later
// What tests/bench/platform.sh loads: one path a row, the same file in Cleat and in plain workerd.

const big = new Uint8Array(10 << 20).map((_, i) => i * 31);

const page = (() => {
  const parts = ["<!doctype html><html lang=en><head><meta charset=utf-8><title>Shop</title></head><body>\n"];
  for (let n = 0, length = 0; length < (1 << 20) - 200; ++n) {
    parts.push(`<article class="card${n % 7 ? "" : " wide"}" id="a${n}"><h2>Item ${n} &amp; more</h2><a href="http://example.com/item/${n}?ref=list" title="Item">Details</a>`
      + '<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.</p>'
      + `<img src="/img/${n}.png" alt=""></article>\n`);
    length += parts.at(-1).length;
  }
  parts.push("</body></html>\n");
  return new TextEncoder().encode(parts.join(""));
})();

const document = () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const rows = {
  "/hello": () => new Response("hello"),

  async "/echo"(request) {
    return Response.json(await request.json());
  },

  async "/sha256"() {
    return new Response(hex(await crypto.subtle.digest("SHA-256", big)));
  },

  "/links"() {
    return new HTMLRewriter().on("a[href]", {
      element(link) {
        link.setAttribute("href", link.getAttribute("href").replace("http:", "https:"));
      },
    }).transform(document());
  },

  "/few"() {
    return new HTMLRewriter()
      .on("title", { element(title) { title.setInnerContent("Sale"); } })
      .on("body", { element(body) { body.append("<script src=/count.js></script>", { html: true }); } })
      .transform(document());
  },

  "/urls"() {
    let length = 0;
    for (let i = 0; i < 1000; ++i) {
      const url = new URL(`https://www.example.com/shop/item/${i}?ref=list&page=${i % 7}#details`);
      length += url.href.length + url.pathname.length;
    }
    return new Response(String(length));
  },
};

export function answer(request) {
  const row = rows[new URL(request.url).pathname];
  return row ? row(request) : new Response("No such row\n", { status: 404 });
}
