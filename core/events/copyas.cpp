// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/copyas.h"

#include "core/base/bytes.h"
#include "core/events/headfields.h"
#include "core/events/masking.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace cleat::events {

namespace {

/// Linux takes 128 KiB for one argument; shells' own printf has no such limit.
constexpr std::size_t longestArgument = 100'000;

struct Field {
    std::string name;
    std::string value;
};

/// What all three ways of copying begin with.
struct Copied {
    std::vector<Field> fields;
    std::vector<std::string> remarks; ///< of one line each
    std::string base; ///< without a slash at its end
    bool hasBody = false; ///< also an empty one
    bool has(std::string_view name) const
    {
        return std::ranges::any_of(fields, [name](const Field &field) { return sameName(field.name, name); });
    }
    std::string value(std::string_view name) const
    {
        const auto found = std::ranges::find_if(fields, [name](const Field &field) { return sameName(field.name, name); });
        return found == fields.end() ? std::string() : found->value;
    }
};

Copied prepared(const RequestRecord &record, const CopyTarget &target)
{
    Copied copied;
    copied.base = target.base;
    while (copied.base.ends_with('/'))
        copied.base.pop_back();
    std::size_t unfit = 0;
    std::size_t masked = 0;
    for (const HeadField &field : carriedFields(record.content.requestHead, authorityOf(copied.base))) {
        if (!isToken(field.name) || field.value.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) {
            ++unfit;
            continue;
        }
        const bool hide = target.masks == Masks::Kept && isSensitiveField(field.name);
        masked += hide ? 1 : 0;
        copied.fields.push_back({std::string(field.name), std::string(hide ? maskedValue : field.value)});
    }
    const std::string &body = record.content.requestBody;
    const std::string &method = record.request.method;
    copied.hasBody =
        !body.empty() || method == "POST" || method == "PUT" || method == "PATCH" || headValue(headFields(record.content.requestHead), "content-length") == "0";
    if (masked > 0)
        copied.remarks.push_back("Fields that tell who somebody is hold " + std::string(maskedValue) + " in place of their values.");
    if (unfit > 0)
        copied.remarks.push_back("Left out, because no request can carry them: " + std::to_string(unfit) + (unfit == 1 ? " field." : " fields."));
    if (record.request.requestBytes > body.size())
        copied.remarks.push_back("Only the first " + std::to_string(body.size()) + " of " + std::to_string(record.request.requestBytes)
            + " bytes of the body were kept, and only they are here.");
    return copied;
}

/// One word for a POSIX shell, which must not hold NUL.
std::string quoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'')
            result += "'\\''";
        else
            result += c;
    }
    return result + '\'';
}

/// Whether a body can stand between quotes in a terminal as it is.
bool isPlainText(std::string_view text)
{
    return base::isUtf8(text)
        && std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; });
}

/// The command that writes these bytes: POSIX printf knows octal numbers, and no other way to say any byte.
std::string printfOf(std::string_view bytes)
{
    std::string result = "printf '";
    const bool text = isPlainText(bytes);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool asIs = (byte >= 0x20 && byte < 0x7F) || (text && byte != '\'');
        if (c == '%') {
            result += "%%";
        } else if (c == '\\') {
            result += "\\\\";
        } else if (c != '\'' && asIs) {
            result += c;
        } else {
            std::array<char, 8> octal{};
            std::snprintf(octal.data(), octal.size(), "\\%03o", byte);
            result += octal.data();
        }
    }
    return result + '\'';
}

std::string commented(const std::vector<std::string> &remarks, std::string_view mark)
{
    std::string result;
    for (const std::string &remark : remarks)
        result.append(mark).append(remark).append("\n");
    return result;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string result;
    for (const std::string &word : words)
        result.append(result.empty() ? "" : " \\\n  ").append(word);
    return result;
}

/// A JavaScript string of bytes, one character for each of them.
std::string byteString(std::string_view bytes)
{
    std::string result = "\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (byte >= 0x20 && byte < 0x7F) {
            result += c;
        } else {
            std::array<char, 8> hex{};
            std::snprintf(hex.data(), hex.size(), "\\x%02x", byte);
            result += hex.data();
        }
    }
    return result + '"';
}

/// A JavaScript string of UTF-8 text.
std::string textString(std::string_view text)
{
    std::string result = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"' || c == '\\')
            result.append("\\").push_back(c);
        else if (c == '\n')
            result += "\\n";
        else if (text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9") // ends a line in some engines
            result += text[i += 2] == '\xA8' ? "\\u2028" : "\\u2029";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            result += byteString({&c, 1}).substr(1, 4);
        else
            result += c;
    }
    return result + '"';
}

} // namespace

std::string asCurl(const RequestRecord &record, const CopyTarget &target)
{
    const Copied copied = prepared(record, target);
    const std::string &method = record.request.method;
    const std::string &path = record.request.target;
    const std::string &body = record.content.requestBody;
    // Signs that curl or its URL parser would take for something else.
    const bool exact = !path.starts_with('/') || urlPath(path) != path;
    std::vector<std::string> words;
    words.push_back("curl " + quoted(exact ? copied.base + "/" : copied.base + path));
    if (exact)
        words.push_back("--request-target " + quoted(path.substr(0, path.find('\0'))));
    else if (path.contains("/."))
        words.emplace_back("--path-as-is");
    if ((exact ? copied.base : copied.base + path).find_first_of("[]{}") != std::string::npos)
        words.emplace_back("--globoff");
    if (method == "HEAD" && copied.hasBody)
        words.emplace_back("--request HEAD --ignore-content-length --header 'Connection: close'"); // or curl waits for a body
    else if (method == "HEAD")
        words.emplace_back("--head");
    else if (method != (copied.hasBody ? "POST" : "GET"))
        words.push_back("--request " + quoted(method));
    for (const Field &field : copied.fields)
        words.push_back("--header " + quoted(field.value.empty() ? field.name + ";" : field.name + ": " + field.value));
    for (const char *own : {"User-Agent", "Accept"})
        if (!copied.has(own))
            words.push_back(std::string("--header '") + own + ":'");
    if (copied.hasBody && !copied.has("Content-Type"))
        words.emplace_back("--header 'Content-Type:'");
    if (body.size() >= 1'000'000)
        words.emplace_back("--header 'Expect:'");
    if (copied.has("Accept-Encoding"))
        words.emplace_back("--compressed");
    std::string before;
    if (copied.hasBody && isPlainText(body) && body.size() < longestArgument) {
        words.push_back("--data-raw " + quoted(body));
    } else if (copied.hasBody) {
        before = printfOf(body) + " | ";
        words.emplace_back("--data-binary @-");
    }
    return commented(copied.remarks, "# ") + before + joined(words);
}

std::string asWget(const RequestRecord &record, const CopyTarget &target)
{
    Copied copied = prepared(record, target);
    const std::string &method = record.request.method;
    const std::string &body = record.content.requestBody;
    // A second field of one name would take the place of the first.
    std::vector<Field> fields;
    for (const Field &field : copied.fields) {
        const auto same = std::ranges::find_if(fields, [&field](const Field &other) { return sameName(other.name, field.name); });
        if (same == fields.end())
            fields.push_back(field);
        else
            same->value.append(sameName(field.name, "cookie") ? "; " : ", ").append(field.value);
    }
    if (std::ranges::any_of(method, [](char c) { return c >= 'a' && c <= 'z'; }))
        copied.remarks.emplace_back("Wget sends methods in capital letters.");
    std::vector<std::string> words;
    const std::string file = "--body-file=\"$body\"";
    const bool inFile = copied.hasBody && (!isPlainText(body) || body.size() >= longestArgument);
    words.emplace_back("wget --quiet --output-document=- --content-on-error --max-redirect=0 --tries=1");
    if (method != "GET" || copied.hasBody)
        words.push_back("--method=" + quoted(method));
    if (!copied.has("User-Agent"))
        words.emplace_back("--user-agent=''");
    for (const Field &field : fields)
        words.push_back("--header=" + quoted(field.name + ": " + field.value));
    if (copied.value("Accept-Encoding").contains("gzip"))
        words.emplace_back("--compression=auto");
    if (inFile)
        words.push_back(file);
    else if (copied.hasBody)
        words.push_back("--body-data=" + quoted(body));
    words.push_back(quoted(copied.base + urlPath(record.request.target)));
    const std::string remarks = commented(copied.remarks, "# ");
    if (!inFile)
        return remarks + joined(words);
    return remarks + "body=$(mktemp) && " + printfOf(body) + " > \"$body\" && " + joined(words) + "; rm -f \"$body\"";
}

std::string asFetch(const RequestRecord &record, const CopyTarget &target)
{
    Copied copied = prepared(record, target);
    const std::string &method = record.request.method;
    const std::string &body = record.content.requestBody;
    const bool bodiless = method == "GET" || method == "HEAD";
    if (bodiless && !body.empty())
        copied.remarks.push_back("fetch() sends no body with " + method + "; it is left out.");
    std::string result = commented(copied.remarks, "// ") + "await fetch(" + textString(copied.base + urlPath(record.request.target)) + ", {\n";
    result += "  method: " + byteString(method) + ",\n";
    if (!copied.fields.empty()) {
        result += "  headers: [\n";
        for (const Field &field : copied.fields)
            result += "    [" + byteString(field.name) + ", " + byteString(field.value) + "],\n";
        result += "  ],\n";
    }
    if (!bodiless && !body.empty()) {
        // A string would bring a Content-Type of its own along.
        if (!base::isUtf8(body))
            result += "  body: Uint8Array.from(atob(\"" + base::toBase64(base::asBytes(body)) + "\"), (c) => c.charCodeAt(0)),\n";
        else if (copied.has("Content-Type"))
            result += "  body: " + textString(body) + ",\n";
        else
            result += "  body: new TextEncoder().encode(" + textString(body) + "),\n";
    }
    return result + "});";
}

} // namespace cleat::events
