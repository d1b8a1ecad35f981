// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/platformpeer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

#include <zlib.h>

namespace cleat::test {

namespace {

QByteArray gzipped(const QByteArray &plain)
{
    z_stream stream{};
    if (::deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray packed(static_cast<qsizetype>(::deflateBound(&stream, static_cast<uLong>(plain.size()))), '\0');
    QByteArray input = plain;
    stream.next_in = reinterpret_cast<Bytef *>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    ::deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    ::deflateEnd(&stream);
    return packed;
}

QByteArray echo(const HttpPeer::Received &request)
{
    QJsonObject fields;
    for (const auto &[name, value] : request.fields)
        fields[QString::fromLatin1(name)] = QString::fromLatin1(value);
    return QJsonDocument(QJsonObject{{QStringLiteral("method"), QString::fromLatin1(request.method)}, {QStringLiteral("target"), QString::fromLatin1(request.target)},
                             {QStringLiteral("fields"), fields}, {QStringLiteral("body"), QString::fromUtf8(request.body)}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

HttpPeer::Then answerSnippet(HttpPeer::Connection &connection, HttpPeer::Received &request)
{
    const QUrl url(QString::fromLatin1(request.target));
    const QUrlQuery query(url);
    const QString path = url.path();
    const auto last = [&] { return path.section(u'/', -1).toUtf8(); };
    const auto keep = [](bool sent) { return sent ? HttpPeer::Then::KeepOpen : HttpPeer::Then::Close; };
    const QByteArray text = "Content-Type: text/plain\r\n";
    if (path == u"/echo")
        return keep(connection.answer(echo(request), "Content-Type: application/json\r\n"));
    if (path == u"/text")
        return keep(connection.answer("some text", text));
    if (path.startsWith(u"/status/"))
        return keep(connection.answer({}, {}, last() + " Status"));
    if (path.startsWith(u"/redirect/"))
        return keep(connection.answer({}, "Location: " + query.queryItemValue(QStringLiteral("to"), QUrl::FullyDecoded).toUtf8() + "\r\n", last() + " Moved"));
    if (path.startsWith(u"/bytes/"))
        return keep(connection.answer(QByteArray(last().toLongLong(), 'a'), "Content-Type: application/octet-stream\r\n"));
    if (path == u"/gzip")
        return keep(connection.answer(gzipped("packed text"), text + "Content-Encoding: gzip\r\n"));
    if (path == u"/set-cookies")
        return keep(connection.answer("cookies", text + "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2, still b\r\n"));
    if (path == u"/slow") {
        if (connection.waitForEnd(query.queryItemValue(QStringLiteral("ms")).toInt()))
            return HttpPeer::Then::Close;
        return keep(connection.answer("late", text));
    }
    if (path == u"/broken") {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
        return HttpPeer::Then::Close;
    }
    return keep(connection.answer("no such place", text, "404 Not Found"));
}

} // namespace cleat::test
