// SPDX-License-Identifier: GPL-3.0-or-later
import http from "node:http";
import https from "node:https";

export default {
  "http.request(\"zz\")": () => http.request("zz"),
  "http.request({method:3})": () => http.request({method:3}),
  "http.request({protocol:\"ftp:\"})": () => http.request({protocol:"ftp:"}),
  "http.request({method:\"A B\"})": () => http.request({method:"A B"}),
  "http.validateHeaderName(\"a b\")": () => http.validateHeaderName("a b"),
  "http.validateHeaderValue(\"a\",\"\\u0001\")": () => http.validateHeaderValue("a","\u0001"),
  "http.validateHeaderValue(\"a\",undefined)": () => http.validateHeaderValue("a",undefined),
  "http.STATUS_CODES[404]": () => http.STATUS_CODES[404],
  "http.METHODS.join()": () => http.METHODS.join(),
  "http.maxHeaderSize": () => http.maxHeaderSize,
  "https.request({protocol:\"http:\"})": () => https.request({protocol:"http:"}),
};
