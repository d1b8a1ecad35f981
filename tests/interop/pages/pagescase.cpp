// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/pages/pagescase.h"

#include "tests/core/session/client.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cleat::test {

namespace {

constexpr qsizetype shownBytes = 1500;

PagesRequest requestOf(const QByteArray &line)
{
    PagesRequest made;
    made.line = line;
    QByteArray rest = line;
    QList<QByteArray> parts;
    for (qsizetype at = rest.indexOf(" | "); at >= 0; at = rest.indexOf(" | ")) {
        parts << rest.left(at);
        rest = rest.mid(at + 3);
    }
    parts << rest;
    const qsizetype space = parts.first().indexOf(' ');
    made.method = parts.first().left(space);
    made.target = parts.first().mid(space + 1);
    for (const QByteArray &part : parts.mid(1)) {
        const qsizetype colon = part.indexOf(": ");
        if (part.left(colon) == "body")
            made.body = part.mid(colon + 2);
        else if (part.left(colon) == "lines")
            made.body = part.mid(colon + 2).replace("\\n", "\r\n");
        else
            made.fields.emplace_back(part.left(colon), part.mid(colon + 2));
    }
    return made;
}

/// What stays the same from run to run.
QString normalized(QString text, const QString &folder)
{
    static const QRegularExpression plugin(u"(?<=/cdn-cgi/pages-plugins/)[0-9a-f-]{16,36}"_s);
    static const QRegularExpression installed(u"(file://)?/[^\\s'\"()]*/(?=node_modules/(wrangler|miniflare)/)"_s); // where wrangler is
    static const QRegularExpression temporary(u"(file://)?/tmp/[^\\s'\"()]*/(?=project/)"_s);
    return text.replace(folder, u"FOLDER"_s).replace(plugin, u"ID"_s).remove(installed).remove(temporary);
}

/// The same with another way to make entity tags.
QString normalizedField(const QByteArray &name, const QByteArray &value, const QString &folder)
{
    static const QRegularExpression tag(u"^(W/)?\"[0-9a-f]{32}\"$"_s);
    if (name == "etag" && tag.match(QString::fromLatin1(value)).hasMatch())
        return value.startsWith('W') ? u"W/\"TAG\""_s : u"\"TAG\""_s;
    return normalized(QString::fromUtf8(value), folder);
}

/// A body as it is shown: text, or how much there was of what.
QString shownBody(const QByteArray &body, const QString &folder)
{
    const QString text = QString::fromUtf8(body);
    if (body.size() <= shownBytes && text.toUtf8() == body && !text.contains(QChar::Null))
        return normalized(text, folder);
    return u"%1 bytes, sha256 %2"_s.arg(body.size()).arg(QString::fromLatin1(QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex()));
}

bool isOfTheConnection(const QByteArray &name)
{
    return name == "date" || name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "content-length";
}

} // namespace

QStringList PagesCase::names()
{
    const QStringList chosen = qEnvironmentVariable("CLEAT_PAGES_CASES").split(u',', Qt::SkipEmptyParts);
    QStringList names;
    for (const QString &file : QDir(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/pages/projects")).entryList({u"*.case"_s}, QDir::Files, QDir::Name)) {
        const QString name = file.chopped(5);
        if (chosen.isEmpty() || chosen.contains(name))
            names << name;
    }
    return names;
}

QString PagesCase::fileOf(const QString &name)
{
    return QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/pages/projects/") + name + u".case"_s;
}

QString PagesCase::recordedFileOf(const QString &name)
{
    return QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/pages/recorded/") + name + u".json"_s;
}

PagesCase PagesCase::read(const QString &path, QString &problem)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        problem = path + u": "_s + file.errorString();
        return {};
    }
    PagesCase made;
    enum class Part { None, Text, Base64, Requests };
    Part part = Part::None;
    const auto finish = [&] {
        if (part == Part::Base64)
            made.m_files.back().content = QByteArray::fromBase64(made.m_files.back().content);
    };
    int number = 0;
    while (!file.atEnd()) {
        QByteArray line = file.readLine();
        ++number;
        if (!line.startsWith("=== ")) {
            if (part == Part::Text || part == Part::Base64)
                made.m_files.back().content += line;
            else if (const QByteArray bare = line.chopped(line.endsWith('\n') ? 1 : 0); part == Part::Requests && !bare.isEmpty() && !bare.startsWith('#'))
                made.m_requests.push_back(requestOf(bare));
            continue;
        }
        finish();
        part = Part::None;
        const QString head = QString::fromUtf8(line.mid(4)).chopped(1);
        const QString word = head.section(u' ', 0, 0);
        const QString rest = head.section(u' ', 1);
        if (word == u"file") {
            made.m_files.push_back({File::Kind::Content, rest, {}});
            part = Part::Text;
        } else if (word == u"base64") {
            made.m_files.push_back({File::Kind::Content, rest, {}});
            part = Part::Base64;
        } else if (word == u"repeat") { // COUNT TEXT PATH
            made.m_files.push_back({File::Kind::Content, rest.section(u' ', 2), rest.section(u' ', 1, 1).toUtf8().repeated(rest.section(u' ', 0, 0).toInt())});
        } else if (word == u"link") { // TARGET PATH
            made.m_files.push_back({File::Kind::Link, rest.section(u' ', 1), rest.section(u' ', 0, 0).toUtf8()});
        } else if (word == u"folder") {
            made.m_files.push_back({File::Kind::Folder, rest, {}});
        } else if (word == u"flags") {
            made.m_flags = rest.split(u' ', Qt::SkipEmptyParts);
        } else if (word == u"random") {
            made.m_random.setPattern(rest);
        } else if (word == u"requests") {
            part = Part::Requests;
        } else if (word != u"about:") {
            problem = u"%1:%2: \"%3\" is no part of a case."_s.arg(path).arg(number).arg(word);
            return {};
        }
    }
    finish();
    if (made.m_requests.empty())
        problem = path + u" has no requests."_s;
    return made;
}

bool PagesCase::write(const QString &folder) const
{
    const QDir to(folder);
    const File config{File::Kind::Content, u"wrangler.toml"_s, "name = \"site\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-01-01\"\n"};
    std::vector<File> files = m_files;
    if (std::ranges::find(files, config.path, &File::path) == files.end())
        files.push_back(config);
    for (const File &file : files) {
        const QString path = to.filePath(file.path);
        if (file.kind == File::Kind::Folder) {
            if (!to.mkpath(path))
                return false;
            continue;
        }
        if (!to.mkpath(QFileInfo(path).path()))
            return false;
        if (file.kind == File::Kind::Link) {
            if (::symlink(file.content.constData(), path.toUtf8().constData()) != 0)
                return false;
            continue;
        }
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(file.content) != file.content.size())
            return false;
    }
    return true;
}

void PagesCase::add(const QByteArray &line)
{
    m_requests.push_back(requestOf(line));
}

std::vector<QJsonObject> PagesCase::ask(int port, const QString &folder) const
{
    std::vector<QJsonObject> answers;
    QByteArray tag;
    for (const PagesRequest &request : m_requests) {
        std::string extra = "Connection: close\r\n";
        for (const auto &[name, value] : request.fields)
            extra += name.toStdString() + ": " + QByteArray(value).replace("{etag}", tag).toStdString() + "\r\n";
        const cleat::tests::Reply reply
            = cleat::tests::request(port, request.method.toStdString(), request.target.toStdString(), extra, request.body.toStdString());
        QStringList fields;
        for (const auto &[name, value] : reply.fields) {
            const QByteArray key = QByteArray::fromStdString(name);
            const QByteArray raw = QByteArray::fromStdString(value);
            if (key == "etag")
                tag = QByteArray(raw).replace("W/", "").replace('"', "");
            if (!isOfTheConnection(key))
                fields << QString::fromUtf8(key) + u": "_s + normalizedField(key, raw, folder);
        }
        std::ranges::stable_sort(fields, {}, [](const QString &field) { return field.section(u':', 0, 0); });
        QJsonObject answer{{u"request"_s, QString::fromUtf8(request.line)}, {u"status"_s, reply.status}, {u"fields"_s, QJsonArray::fromStringList(fields)}};
        QByteArray body = QByteArray::fromStdString(reply.body);
        if (!m_random.pattern().isEmpty())
            body = QString::fromUtf8(body).replace(m_random, u"RANDOM"_s).toUtf8();
        if (!body.isEmpty())
            answer.insert(u"body"_s, shownBody(body, folder));
        if (!reply.complete)
            answer.insert(u"cut"_s, true);
        answers.push_back(std::move(answer));
    }
    return answers;
}

} // namespace cleat::test
