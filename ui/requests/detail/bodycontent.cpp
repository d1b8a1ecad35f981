// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/bodycontent.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringDecoder>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace content = data::content;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::BodyContent)
};

QString decodingNote(const content::Decoded &decoded, const RecordedBody &body)
{
    using End = content::Decoded::End;
    const QString encoding = fromUtf8(decoded.encoding);
    const QString at = QLocale().toString(static_cast<qulonglong>(decoded.at));
    switch (decoded.end) {
    case End::Whole:
        return {};
    case End::CutOff:
        return body.isCut() ? QString() : Words::tr("The %1 data end too early: what could be decoded of them is shown.").arg(encoding);
    case End::TooLarge:
        return Words::tr("More than %1 come out of the %2 data: the rest is not shown.").arg(formatBytes(content::mostDecodedBytes), encoding);
    case End::Damaged:
        return Words::tr("The %1 data are damaged at byte %2: what comes before is shown.").arg(encoding, at);
    case End::Unknown:
        return Words::tr("The content encoding \"%1\" cannot be decoded: the bytes are shown as they were sent.").arg(encoding);
    }
    return {};
}

bool isTextType(const std::string &type)
{
    return type.starts_with("text/") || type == "application/json" || type == "application/javascript" || type == "application/xml" || type.ends_with("+json") || type.ends_with("+xml");
}

} // namespace

std::optional<std::string> toUtf8From(std::string_view bytes, std::string_view charset)
{
    const std::string name = content::lowered(charset);
    if (name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii")
        return std::nullopt;
    QStringDecoder decoder(name.c_str());
    if (!decoder.isValid() && (name == "windows-1252" || name == "cp1252" || name == "iso8859-1"))
        decoder = QStringDecoder(QStringDecoder::Latin1);
    if (!decoder.isValid())
        return std::nullopt;
    const QString text = decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return toUtf8(text);
}

BodyContent prepareBody(const RecordedBody &body)
{
    BodyContent result;
    const std::string encoding(body.head.value("content-encoding"));
    const std::string contentType(body.head.value("content-type"));
    const content::MediaType type = content::parseMediaType(contentType);
    if (body.isCut())
        result.notes << Words::tr("Only the first %1 of %2 were recorded.").arg(formatBytes(body.bytes->size()), formatBytes(body.wholeSize));
    content::Decoded decoded;
    if (!encoding.empty()) {
        decoded = content::decode(encoding, *body.bytes);
        if (const QString note = decodingNote(decoded, body); !note.isEmpty())
            result.notes << note;
        result.bytes = std::make_shared<const std::string>(std::move(decoded.bytes));
    } else {
        result.bytes = body.bytes;
    }

    QStringList facts;
    if (!type.type.empty())
        facts << fromUtf8(type.type);
    const QString size = formatBytes(result.bytes->size());
    facts << (body.isCut() && encoding.empty() ? Words::tr("%1 of %2").arg(size, formatBytes(body.wholeSize)) : size);
    if (!encoding.empty())
        facts << Words::tr("%1, %2 sent").arg(fromUtf8(encoding), formatBytes(std::max<std::uint64_t>(body.wholeSize, body.bytes->size())));
    const std::string charset(type.parameter("charset"));
    if (!charset.empty())
        facts << fromUtf8(charset);

    if (type.type == "application/x-www-form-urlencoded") {
        result.form = content::parseUrlEncoded(*result.bytes);
        result.shape = BodyContent::Shape::Form;
    } else if (type.type.starts_with("multipart/")) {
        result.multipart = content::parseMultipart(*result.bytes, type.parameter("boundary"));
        if (result.multipart.end == content::Multipart::End::NoBoundary)
            result.notes << Words::tr("The parts cannot be told apart: the boundary that the Content-Type names is not in the body.");
        else
            result.shape = BodyContent::Shape::Multipart;
        if (result.multipart.end == content::Multipart::End::TooMany)
            result.notes << Words::tr("There are more parts than are listed.");
        if (result.multipart.end == content::Multipart::End::CutOff && !body.isCut())
            result.notes << Words::tr("The last boundary is missing: the body ends too early.");
    } else if (type.type == "text/event-stream") {
        result.events = content::parseEventStream(*result.bytes);
        result.shape = BodyContent::Shape::Events;
    } else if (isTextType(type.type)) {
        if (auto text = toUtf8From(*result.bytes, charset))
            result.bytes = std::make_shared<const std::string>(std::move(*text));
    }
    const bool cut = body.isCut() || decoded.end == content::Decoded::End::TooLarge;
    result.hint = {.name = body.name, .contentType = fromUtf8(contentType), .group = u"requests/body"_s,
        .wholeSize = cut ? std::max<std::uint64_t>(body.wholeSize, result.bytes->size() + 1) : 0};
    result.facts = facts.join(u"  ·  "_s);
    return result;
}

} // namespace cleat::ui
