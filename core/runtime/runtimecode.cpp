// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/snapshot.h"

namespace cleat::runtime {

namespace {

class RuntimeCode final : public v8::String::ExternalOneByteStringResource
{
public:
    const char *data() const override { return runtimeCode().data(); }
    size_t length() const override { return runtimeCode().size(); }

protected:
    void Dispose() override {} // it is there as long as the program
};

} // namespace

v8::String::ExternalOneByteStringResource *runtimeCodeResource()
{
    static RuntimeCode code;
    return &code;
}

} // namespace cleat::runtime
