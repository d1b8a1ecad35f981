// SPDX-License-Identifier: GPL-3.0-or-later
import path from "node:path";

const paths = ["", ".", "..", "/", "a", "/a", "a/", "/a/b.c", "a/../b", "../../x", "//a//b//", "./a.b.c", ".hidden", "/a/.b", "a\\b", "C:\\a\\b.txt", "C:", "c:\\", "\\\\srv\\share\\f", "a/b/"];
const each = {};
for (const kind of ["posix", "win32"]) {
  for (const method of ["normalize", "basename", "dirname", "extname", "isAbsolute", "parse", "toNamespacedPath"]) {
    each[`${kind}.${method}`] = () => Object.fromEntries(paths.map((one) => [one, path[kind][method](one)]));
  }
  each[`${kind}.join`] = () => paths.flatMap((a) => paths.slice(0, 8).map((b) => path[kind].join(a, b)));
  each[`${kind}.relative`] = () => paths.slice(0, 10).flatMap((a) => paths.slice(0, 10).map((b) => path[kind].relative(`/x/${a}`, `/x/${b}`)));
}

export default {
  "path.join(\"a\",\"..\",\"/b\")": () => path.join("a","..","/b"),
  "path.resolve(\"a\")": () => path.resolve("a"),
  "path.win32.join(\"a\",\"b\")": () => path.win32.join("a","b"),
  "path.win32.parse(\"C:\\\\a\\\\b.txt\")": () => path.win32.parse("C:\\a\\b.txt"),
  "path.relative(\"/a/b/c\",\"/a/d\")": () => path.relative("/a/b/c","/a/d"),
  "path.matchesGlob(\"/a/b\",\"/a/*\")": () => path.matchesGlob("/a/b","/a/*"),
  "path.join(3)": () => path.join(3),
  "path.toNamespacedPath(\"x\")": () => path.toNamespacedPath("x"),
  "path.format({dir:\"/a\",name:\"b\",ext:\"c\"})": () => path.format({dir:"/a",name:"b",ext:"c"}),
  "path.posix===path": () => path.posix===path,
  ...each,
};
