// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/worker.h"
#include "tests/interop/wranglerdev.h"

#include <QString>
#include <QStringList>

#include <functional>

/// Runs tests/interop/project/functions/NAME.js, a corpus of small calls, under wrangler and in Cleat's runtime with `bindings` on a state of its own, and gives
/// what differs, as lines to show: "theirs: ..." and "ours: ..." for each case, or what went wrong. A query ("NAME?part=kv") goes to both. Cases that are named in
/// `exceptions` may differ; fewer than `atLeast` cases count as a failure. With CLEAT_CORPUS_OUTPUT in the environment, both outcomes are written into that folder.
QStringList differences(const WranglerDev &wrangler, const QString &name, cleat::runtime::Bindings bindings, int atLeast, const QStringList &exceptions = {});
/// The same; a case whose outcomes differ is asked about.
QStringList differences(
    const WranglerDev &wrangler, const QString &name, cleat::runtime::Bindings bindings, int atLeast, const std::function<bool(const QString &called)> &mayDiffer);
