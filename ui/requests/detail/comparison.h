// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"

#include <QString>

#include <vector>

namespace cleat::ui {

/// Two requests beside each other, row by row.
struct Comparison {
    struct Row {
        QString name;
        QString left; ///< a missing one is empty
        QString right;
        bool same = false; ///< to the eye: spans that differ in their times alone are the same
        bool operator==(const Row &) const = default;
    };
    struct Section {
        QString title;
        std::vector<Row> rows;
    };
    std::vector<Section> sections; ///< facts, times, headers of both halves, spans; without the empty ones
};

/// Values of sensitive headers are masked, and told to be others when they are.
Comparison compareRecords(const events::RequestRecord &left, const events::RequestRecord &right);

} // namespace cleat::ui
