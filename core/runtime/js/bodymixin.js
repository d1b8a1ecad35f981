// SPDX-License-Identifier: GPL-3.0-or-later
// The class Body: what Request and Response inherit.

import { defineGlobals } from "./native.js";
import { mixBody, mixTypedBody } from "./body.js";
import { interfaceOf } from "./interface.js";

const owners = []; // {isOne, bodyOf} of Request and of Response

/** Makes the bodies of a class known to the methods of its parent. */
export function ownsBody(isOne, bodyOf) {
  owners.push({ isOne, bodyOf });
}

const isOwner = (value) => {
  for (let i = 0; i < owners.length; ++i) if (owners[i].isOne(value)) return true;
  return false;
};

class Body {}

const bodyOf = (value) => {
  for (let i = 0; i < owners.length; ++i) if (owners[i].isOne(value)) return owners[i].bodyOf(value);
  return null;
};
mixBody(Body.prototype, bodyOf);
mixTypedBody(Body.prototype, bodyOf);
const members = ["body", "bodyUsed", "arrayBuffer", "bytes", "text", "json", "formData", "blob"];
interfaceOf(Body, { illegal: true, isOne: isOwner, members: members.filter((name) => Object.prototype.hasOwnProperty.call(Body.prototype, name)).join(" ") });
defineGlobals({ Body });
export { Body as BodyMixin };
