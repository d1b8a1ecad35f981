// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/freshids.h"

#include <QUuid>

namespace cleat::ui {

std::string freshId()
{
    return QUuid::createUuid().toString(QUuid::Id128).toStdString();
}

std::string freshUuid()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

std::string slug(std::string_view variable, std::string_view fallback)
{
    constexpr std::size_t most = 63;
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out;
    char before = 0;
    for (const char c : variable) {
        const bool begins = isUpper(c) && (isLower(before) || isDigit(before)); // a hump: todoList
        if (begins && !out.empty() && out.back() != '-')
            out += '-';
        if (isUpper(c))
            out += static_cast<char>(c - 'A' + 'a');
        else if (isLower(c) || isDigit(c))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
        before = c;
    }
    out.resize(std::min(out.size(), most));
    while (!out.empty() && out.back() == '-')
        out.pop_back();
    if (out.empty())
        return std::string(fallback);
    return out.size() < 3 ? out + '-' + std::string(fallback) : out;
}

} // namespace cleat::ui
