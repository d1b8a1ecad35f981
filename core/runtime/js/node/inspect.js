// SPDX-License-Identifier: GPL-3.0-or-later
// util.inspect and util.format, on node-inspect-extracted.
import util from "node-inspect-extracted";

export const { inspect, format, formatWithOptions, stripVTControlCharacters } = util;
