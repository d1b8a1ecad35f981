// SPDX-License-Identifier: GPL-3.0-or-later
// node:punycode.
import punycode from "punycode/punycode.js";

const { decode, encode, toASCII, toUnicode, ucs2, version } = punycode;
export default { decode, encode, toASCII, toUnicode, ucs2, version };
