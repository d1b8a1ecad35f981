// SPDX-License-Identifier: GPL-3.0-or-later
// node:querystring, from unenv.
import * as querystring from "unenv/node/querystring";

const { decode, encode, escape, parse, stringify, unescape, unescapeBuffer } = querystring;
export default { decode, encode, escape, parse, stringify, unescape, unescapeBuffer };
