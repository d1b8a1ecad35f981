// SPDX-License-Identifier: GPL-3.0-or-later

test("name, message, code", () => {
  const error = new DOMException("text", "AbortError");
  equal(error.name, "AbortError");
  equal(error.message, "text");
  equal(error.code, 20);
  equal(error.code, DOMException.ABORT_ERR);
  equal(error.code, error.ABORT_ERR);
  ok(error instanceof Error);
  equal(String(error), "AbortError: text");
  equal(Object.prototype.toString.call(error), "[object DOMException]");
  ok(typeof error.stack === "string");
});

test("defaults and names without a code", () => {
  const error = new DOMException();
  equal(error.name, "Error");
  equal(error.message, "");
  equal(error.code, 0);
  equal(new DOMException("m", "TimeoutError").code, 23);
  equal(new DOMException("m", "DataCloneError").code, DOMException.DATA_CLONE_ERR);
  equal(new DOMException("m", "QuotaExceededError").code, DOMException.QUOTA_EXCEEDED_ERR);
  equal(new DOMException("m", "NotAllowedError").code, 0);
  equal(DOMException.INVALID_CHARACTER_ERR, 5);
});
