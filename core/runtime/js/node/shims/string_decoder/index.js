// SPDX-License-Identifier: GPL-3.0-or-later
export { StringDecoder } from "../../string_decoder.js";
