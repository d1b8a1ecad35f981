// SPDX-License-Identifier: GPL-3.0-or-later
// A question to a model from the window: the answer is read to its end, and nobody gets it but the list of calls.

import { ReadableStream } from "../streams.js";

const { parse } = JSON;

export async function askByHand(binding, model, inputs) {
  const answer = await binding.run(model, parse(inputs));
  if (!(answer instanceof ReadableStream)) return;
  const reader = answer.getReader();
  while (!(await reader.read()).done);
}
