// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <string>
#include <string_view>
#include <variant>

namespace cleat::config {

struct AddKvNamespace {
    Scope scope = Scope::TopLevel;
    KvNamespace entry;
};
/// Gives the entry named `binding` the fields of `entry`; an absent optional removes the field. Fields that Cleat does not know stay.
struct ChangeKvNamespace {
    Scope scope = Scope::TopLevel;
    std::string binding;
    KvNamespace entry;
};
struct RemoveKvNamespace {
    Scope scope = Scope::TopLevel;
    std::string binding;
};
struct AddVariable {
    Scope scope = Scope::TopLevel;
    Variable entry;
};
struct ChangeVariable {
    Scope scope = Scope::TopLevel;
    std::string name;
    Variable entry;
};
struct RemoveVariable {
    Scope scope = Scope::TopLevel;
    std::string name;
};

using Edit = std::variant<AddKvNamespace, ChangeKvNamespace, RemoveKvNamespace, AddVariable, ChangeVariable, RemoveVariable>;

/// The text of a wrangler.toml after `edit`. Changes only the bytes that must change, in the style round them (indentation, quotes, line ends, table or
/// inline form, where siblings stand); comments, order and blank lines stay. The result is parsed again and returned only if it means exactly
/// what the edit says and everything else means what it meant; else code config.edit.unsafe, and the caller keeps the old text.
/// Further codes: config.parse, name.* (see checkName; a name that stays as it is is not checked), config.edit.missing (no such entry), config.edit.value (no UTF-8,
/// no JSON, or JSON that TOML cannot say: null, a number beyond 64 bits). Any thread.
///
/// Comments: removing takes away the lines of the entry, what stands at their ends and what stands between them. Comments above and below stay.
/// Of entries with one name, the first is meant. Removing the last entry of an environment leaves the environment in the file ([env.preview]), because without
/// it Pages would use the bindings of the top level; adding to an environment that is not there makes it, so it no longer uses those.
base::Result<std::string> applyEdit(std::string_view text, const Edit &edit);

/// The text of a minimal Pages wrangler.toml for a project that has none.
std::string newWranglerToml(std::string_view projectName, std::string_view outputDir, std::string_view compatibilityDate);

} // namespace cleat::config
