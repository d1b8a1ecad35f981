// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <string_view>
#include <vector>

namespace cleat::ui {

/// A value of a console line, or a member of one (ConsoleEvent::values).
struct ConsoleNode {
    enum class Type {
        Text, ///< words of the line
        String,
        Number,
        Word, ///< true, false
        Nothing, ///< null, undefined, holes
        Symbol,
        Function,
        Error,
        Object, ///< anything with members, and what is shown by its short form
        Accessor,
        Bytes,
        Frame, ///< of a stack
        Table,
        Trace,
    };
    Type type = Type::Text;
    QString text; ///< on one line
    QString key; ///< of a member
    enum class Kind { Plain, Index, Quiet, Entry, Frame };
    Kind kind = Kind::Plain; ///< of a member; Quiet: hidden, inherited and inner ones
    std::vector<ConsoleNode> members;
    int more = 0; ///< members that were left out
    bool deep = false; ///< all of them
};

/// What a line's `values` say.
struct ConsoleValues {
    std::vector<ConsoleNode> nodes; ///< side by side
    int depth = 0; ///< in groups
    enum class Opens { Nothing, Open, Collapsed };
    Opens opens = Opens::Nothing;

    /// What is not as it should be is left out: values come from a file, too.
    static std::shared_ptr<const ConsoleValues> parse(std::string_view json);
};

/// The group marks alone, without reading the trees.
struct GroupMark {
    int depth = 0;
    ConsoleValues::Opens opens = ConsoleValues::Opens::Nothing;
};
GroupMark groupMark(std::string_view values);

/// The place that a line of a stack names: "at name (file:line:column)"; an empty one when it names none.
base::Place placeOfFrame(const QString &frame);

} // namespace cleat::ui
