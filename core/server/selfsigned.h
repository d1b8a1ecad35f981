// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace cleat::server {

/// A new private key (EC, P-256) and a certificate that it has signed itself, one after the other in PEM form. `names`: DNS names and IP addresses under which the server is reached; the first
/// one is also the subject. Valid from yesterday, for that many days from now. Code tls.make.
base::Result<std::string> makeSelfSigned(const std::vector<std::string> &names, int days);

/// Whether the first certificate in a PEM text is for all of these names, and valid now and for that many days more.
bool isCertificateFor(std::string_view pem, const std::vector<std::string> &names, int days);

} // namespace cleat::server
