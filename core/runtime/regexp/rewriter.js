// SPDX-License-Identifier: GPL-3.0-or-later
// What js/regexpliterals.js rewrites patterns with: a bundle of its own, read and compiled only where code has such a pattern. It is the body of a function of `require`, by which the library
// asks for Unicode's properties, and returns these two.

export { default as rewritePattern } from "regexpu-core";
export { default as properties } from "cleat-unicode-properties"; // regexptable.cmake
