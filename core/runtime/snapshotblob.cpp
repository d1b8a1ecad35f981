// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/snapshot.h"

extern "C" {
extern const char cleat_snapshot_begin[];
extern const char cleat_snapshot_end[];
extern const char cleat_runtimecode_begin[];
extern const char cleat_runtimecode_end[];
}

namespace cleat::runtime {

v8::StartupData snapshotBlob()
{
    return {cleat_snapshot_begin, static_cast<int>(cleat_snapshot_end - cleat_snapshot_begin)};
}

std::string_view runtimeCode()
{
    return {cleat_runtimecode_begin, cleat_runtimecode_end};
}

} // namespace cleat::runtime
