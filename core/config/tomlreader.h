// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/tomldocument.h"
#include "core/config/wranglerconfig.h"

namespace cleat::config {

/// readWranglerToml() of a text that is parsed already.
base::Result<WranglerConfig> readDocument(const toml::Document &document, const std::string &path);

} // namespace cleat::config
