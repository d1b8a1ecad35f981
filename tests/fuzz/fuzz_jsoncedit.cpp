// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/configedit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    cleat::config::property::tryEdits(cleat::config::Form::Jsonc, data, size);
    return 0;
}
