// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { marked } from "marked";

export function onRequest() {
  const html = marked.parse("# Title\n\n* a\n* **b**\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n`code` <https://a.b/>");
  assert.match(html, /^<h1>Title<\/h1>\n<ul>\n<li>a<\/li>\n<li><strong>b<\/strong><\/li>\n<\/ul>/);
  assert.match(html, /<td>1<\/td>\n<td>2<\/td>/);
  assert.match(html, /<code>code<\/code> <a href="https:\/\/a.b\/">/);
  return new Response("ok");
}
