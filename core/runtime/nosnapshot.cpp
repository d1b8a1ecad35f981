// SPDX-License-Identifier: GPL-3.0-or-later
// In place of snapshotblob.cpp, in the tool that makes the snapshot.

#include "core/runtime/snapshot.h"

namespace cleat::runtime {

v8::StartupData snapshotBlob()
{
    return {};
}

} // namespace cleat::runtime
