// SPDX-License-Identifier: GPL-3.0-or-later
// In place of snapshotblob.cpp, in the tool that makes the snapshot.

#include "core/runtime/nosnapshot.h"

#include <utility>

namespace cleat::runtime {

namespace {

std::string code;

} // namespace

v8::StartupData snapshotBlob()
{
    return {};
}

std::string_view runtimeCode()
{
    return code;
}

void setRuntimeCode(std::string &&text)
{
    code = std::move(text);
}

} // namespace cleat::runtime
