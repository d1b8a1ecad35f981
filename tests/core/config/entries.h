// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"

/// Short ways to write entries in tests.
namespace cleat::config {

inline Binding kv(std::string name, std::optional<std::string> id = {}, std::optional<std::string> previewId = {})
{
    Binding out{Kind::KvNamespace, std::move(name), {}};
    if (id)
        out.fields.push_back({"id", Field::Kind::Text, std::move(*id)});
    if (previewId)
        out.fields.push_back({"preview_id", Field::Kind::Text, std::move(*previewId)});
    return out;
}

inline Edit addKv(Scope scope, Binding entry)
{
    return AddBinding{scope, std::move(entry)};
}
inline Edit changeKv(Scope scope, std::string name, Binding entry)
{
    return ChangeBinding{scope, Kind::KvNamespace, std::move(name), std::move(entry)};
}
inline Edit removeKv(Scope scope, std::string name)
{
    return RemoveBinding{scope, Kind::KvNamespace, std::move(name)};
}

} // namespace cleat::config
