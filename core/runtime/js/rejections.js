// SPDX-License-Identifier: GPL-3.0-or-later
// The events unhandledrejection, rejectionhandled and error of the global object.

import { describeError, reportException } from "./errors.js";
import { knowReporter } from "./events/target.js";
import { ErrorEvent, PromiseRejectionEvent, dispatch, listens, makeEvent, trusted } from "./events.js";

function tell(event) {
  try {
    return dispatch(undefined, trusted(event));
  } catch (error) {
    reportException(error);
    return true;
  }
}

/** C++ says that a promise was rejected and nothing caught it, or (`later`) that something did after all. True when user code listens for that. */
export function promiseRejected(promise, reason, later) {
  const type = later ? "rejectionhandled" : "unhandledrejection";
  if (!listens(undefined, type)) return false;
  tell(makeEvent(PromiseRejectionEvent, type, [["reason", later ? undefined : reason], ["promise", promise]]));
  return true;
}

let reporting = false; // what listeners of "error" throw is not told to them again

/** An exception that nobody caught, with the request's code still running. */
export function reportUncaught(error) {
  if (!reporting && listens(undefined, "error")) {
    const [message, , filename, lineno, colno] = describeError(error);
    const text = message.startsWith("Uncaught ") ? message : "Uncaught " + message;
    reporting = true;
    try {
      if (!tell(new ErrorEvent("error", { message: text, filename, lineno, colno, error }))) return;
    } finally {
      reporting = false;
    }
  }
  reportException(error);
}

knowReporter(reportUncaught);
