// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <v8.h>

#include <string_view>

namespace cleat::runtime {

/// The startup snapshot that the build made out of the JavaScript half, as it lies in the program.
v8::StartupData snapshotBlob();
/// The JavaScript half itself, as it lies in the program: functions that the snapshot holds no compiled code of are compiled out of it.
std::string_view runtimeCode();

/// runtimeCode() as V8 takes it. The snapshot refers to this object in place of a copy of the text, so it is one of the external references.
v8::String::ExternalOneByteStringResource *runtimeCodeResource();

/// Starts V8 for the process, once. Any thread; the first call decides.
void startV8();
/// Runs a piece of the work that V8 has queued for this isolate; false when there is none. Its thread only.
bool pumpV8(v8::Isolate *isolate);
/// Gives back memory that V8 has freed and that was kept for its next large object. Any thread.
void trimV8();
/// Lets V8 forget its queued work before an isolate is disposed of. Its thread only.
void forgetV8(v8::Isolate *isolate);

} // namespace cleat::runtime
