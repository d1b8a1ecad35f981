// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devflag.h"

namespace cleat::app {

// What the flags for bindings take, spelled as wrangler takes it. They fill Options::bindings and Options::variables.

Problem addKv(session::Options &options, const std::string &text);
Problem addD1(session::Options &options, const std::string &text);
Problem addR2(session::Options &options, const std::string &text);
/// NAME=CLASS or NAME=CLASS@WORKER
Problem addDurableObject(session::Options &options, const std::string &text);
/// NAME=WORKER, NAME=WORKER@ENVIRONMENT, NAME=WORKER#ENTRYPOINT, or both
Problem addService(session::Options &options, const std::string &text);
Problem addAi(session::Options &options, const std::string &text);
Problem addVersionMetadata(session::Options &options, const std::string &text);
/// NAME=VALUE
Problem addVariable(session::Options &options, const std::string &text);

} // namespace cleat::app
