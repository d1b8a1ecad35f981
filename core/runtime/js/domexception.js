// SPDX-License-Identifier: GPL-3.0-or-later
// DOMException (Web IDL, section 4.3), with workerd's own properties: code, name, message, stack.

import { defineGlobals } from "./native.js";
import { interfaceOf } from "./interface.js";

// [name, constant]; their codes count from 1.
const table = [
  ["IndexSizeError", "INDEX_SIZE_ERR"], ["DOMStringSizeError", "DOMSTRING_SIZE_ERR"], ["HierarchyRequestError", "HIERARCHY_REQUEST_ERR"],
  ["WrongDocumentError", "WRONG_DOCUMENT_ERR"], ["InvalidCharacterError", "INVALID_CHARACTER_ERR"], ["NoDataAllowedError", "NO_DATA_ALLOWED_ERR"],
  ["NoModificationAllowedError", "NO_MODIFICATION_ALLOWED_ERR"], ["NotFoundError", "NOT_FOUND_ERR"], ["NotSupportedError", "NOT_SUPPORTED_ERR"],
  ["InUseAttributeError", "INUSE_ATTRIBUTE_ERR"], ["InvalidStateError", "INVALID_STATE_ERR"], ["SyntaxError", "SYNTAX_ERR"],
  ["InvalidModificationError", "INVALID_MODIFICATION_ERR"], ["NamespaceError", "NAMESPACE_ERR"], ["InvalidAccessError", "INVALID_ACCESS_ERR"],
  ["ValidationError", "VALIDATION_ERR"], ["TypeMismatchError", "TYPE_MISMATCH_ERR"], ["SecurityError", "SECURITY_ERR"],
  ["NetworkError", "NETWORK_ERR"], ["AbortError", "ABORT_ERR"], ["URLMismatchError", "URL_MISMATCH_ERR"], ["QuotaExceededError", "QUOTA_EXCEEDED_ERR"],
  ["TimeoutError", "TIMEOUT_ERR"], ["InvalidNodeTypeError", "INVALID_NODE_TYPE_ERR"], ["DataCloneError", "DATA_CLONE_ERR"],
];
const codes = new Map(table.map(([name], i) => [name, i + 1]));
// These have a constant only.
for (const name of ["DOMStringSizeError", "NoDataAllowedError", "ValidationError"]) codes.delete(name);
const constants = table.map(([, constant], i) => [constant, i + 1]);

export class DOMException extends Error {
  constructor(message, name) {
    const text = message === undefined ? "" : `${message}`;
    super();
    const kind = name === undefined ? "Error" : `${name}`;
    const own = (key, value) => Object.defineProperty(this, key, { value, enumerable: true, configurable: true, writable: false });
    own("code", codes.get(kind) ?? 0);
    own("name", kind);
    own("message", text);
  }
}

interfaceOf(DOMException, { isOne: () => true, constants });
defineGlobals({ DOMException });
