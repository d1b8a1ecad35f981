// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/statefile.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::durableobjects {

/// A key of an object's storage, as a list shows it.
struct ValueRow {
    std::string key; ///< UTF-8
    std::uint64_t bytes = 0; ///< of the value, as it is stored
    std::string text; ///< the value on one line, or its beginning
    bool operator==(const ValueRow &) const = default;
};

/// A value as it is stored, and what it says.
struct StoredValue {
    std::string bytes; ///< as V8's serializer wrote them
    std::optional<std::string> text; ///< JSON where it is a value that JSON has, else as JavaScript would write it; nullopt: it cannot be read here
    bool isJson = false; ///< writeV8Json() of the text gives the same value
    bool operator==(const StoredValue &) const = default;
};

/// What stored bytes say; those of all formats that workerd reads. Any thread.
StoredValue readStored(std::string bytes);

/// The keys and values of one Durable Object, by UTF-8 byte order, looked at while others write them. Belongs to one thread. One without a file is empty. Errors: core/storage/failure.h.
class ObjectValues final
{
public:
    explicit ObjectValues(std::filesystem::path file);

    /// How many keys begin with the prefix.
    base::Result<std::uint64_t> count(const std::string &prefix, std::stop_token stop = {});
    base::Result<std::vector<ValueRow>> rows(const std::string &prefix, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    /// nullopt: there is no such key.
    base::Result<std::optional<StoredValue>> value(std::string_view key);
    /// Where a key is among those that begin with the prefix, or would be.
    base::Result<std::uint64_t> position(const std::string &prefix, std::string_view key);
    /// Whether anybody changed anything since the last call; the first says true.
    base::Result<bool> changed() { return m_file.changed(); }

private:
    StateFile m_file;
};

} // namespace cleat::data::durableobjects
