// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>
#include <functional>
#include <optional>

namespace cleat::ui {

/// What a view of a request asks of the project round it. Each may be empty: then that is not offered.
struct DetailServices {
    /// The value of a secret by its name, to unmask it; nullopt: it is not known (any more).
    std::function<std::optional<QString>(const QString &)> secret;
    /// The file of the local D1 database that a binding stands for, to explain queries; nullopt: there is none.
    std::function<std::optional<std::filesystem::path>(const QString &)> database;
};

} // namespace cleat::ui
