// SPDX-License-Identifier: GPL-3.0-or-later
import pun from "node:punycode";
import qs from "node:querystring";
import url from "node:url";

export default {
  "qs.parse(\"a=1&a=2&b=%zz&c\")": () => qs.parse("a=1&a=2&b=%zz&c"),
  "qs.stringify({a:[1,\"x y\"],b:true,c:null,d:{},e:1n})": () => qs.stringify({a:[1,"x y"],b:true,c:null,d:{},e:1n}),
  "url.parse(\"http://u:p@h.com:80/p?q=1#h\")": () => url.parse("http://u:p@h.com:80/p?q=1#h"),
  "url.resolve(\"/one/two\",\"../x\")": () => url.resolve("/one/two","../x"),
  "url.format({protocol:\"http\",host:\"a\",pathname:\"b\",query:{c:1}})": () => url.format({protocol:"http",host:"a",pathname:"b",query:{c:1}}),
  "url.fileURLToPath(\"file:///a%20b\")": () => url.fileURLToPath("file:///a%20b"),
  "url.pathToFileURL(\"/a b#\").href": () => url.pathToFileURL("/a b#").href,
  "url.domainToASCII(\"español.com\")": () => url.domainToASCII("español.com"),
  "url.fileURLToPath(\"http://x\")": () => url.fileURLToPath("http://x"),
  "url.urlToHttpOptions(new URL(\"http://u:p@a/b?c\"))": () => url.urlToHttpOptions(new URL("http://u:p@a/b?c")),
  "pun.toASCII(\"mañana.com\")": () => pun.toASCII("mañana.com"),
  "qs.parse(\"a[]=1&&b=2&c=3;d\",null,null,{maxKeys:2})": () => qs.parse("a[]=1&&b=2&c=3;d",null,null,{maxKeys:2}),
  "qs.escape(\"a b&ü\")": () => qs.escape("a b&ü"),
  "qs.parse(\"a:1;b:2\",\";\",\":\")": () => qs.parse("a:1;b:2",";",":"),
  "qs.unescape(\"%zz%20\")": () => qs.unescape("%zz%20"),
  "url.parse(\"javascript:alert(1)\").href": () => url.parse("javascript:alert(1)").href,
  "url.parse(3)": () => url.parse(3),
  "url.parse(\"http://a.com:abc/\")": () => url.parse("http://a.com:abc/"),
  "url.resolve(\"http://a/b/c\",\"//x/y\")": () => url.resolve("http://a/b/c","//x/y"),
  "url.format(new URL(\"http://u:p@a/b?c#d\"),{auth:false,fragment:false,search:false})": () => url.format(new URL("http://u:p@a/b?c#d"),{auth:false,fragment:false,search:false}),
};
