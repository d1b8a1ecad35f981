// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <v8.h>

namespace cleat::runtime {

/// The startup snapshot that the build made out of the JavaScript half, as it lies in the program.
v8::StartupData snapshotBlob();

/// Starts V8 for the process, once. Any thread; the first call decides.
void startV8();
/// Runs the work that V8 has queued for this isolate. Its thread only.
void pumpV8(v8::Isolate *isolate);
/// Lets V8 forget its queued work before an isolate is disposed of. Its thread only.
void forgetV8(v8::Isolate *isolate);

} // namespace cleat::runtime
