// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/pages/comparison.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace cleat::test {

namespace {

/// What an answer is made of: "status", "body", "field etag" ...
std::map<QString, QString> partsOf(const QJsonObject &answer)
{
    std::map<QString, QString> parts{{u"status"_s, QString::number(answer[u"status"_s].toInt())}, {u"body"_s, answer[u"body"_s].toString()}};
    if (answer[u"cut"_s].toBool())
        parts[u"cut"_s] = u"cut"_s;
    for (const QJsonValue &field : answer[u"fields"_s].toArray()) {
        const QString name = field.toString().section(u": "_s, 0, 0);
        QString &value = parts[u"field "_s + name];
        value += (value.isEmpty() ? QString() : u"\n"_s) + field.toString().section(u": "_s, 1);
    }
    return parts;
}

} // namespace

CleatDev::CleatDev(const QString &project, const QString &home, const QStringList &flags)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
        environment.insert(QString::fromLatin1(name), home);
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(project);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), QStringList{u"dev"_s, u"--ip"_s, u"127.0.0.1"_s, u"--port"_s, u"0"_s} + flags);
}

CleatDev::~CleatDev()
{
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished(10'000);
    }
}

int CleatDev::port()
{
    static const QRegularExpression ready(u"^Ready on http://\\S+:(\\d+)$"_s, QRegularExpression::MultilineOption);
    while (m_process.waitForReadyRead(60'000)) {
        m_output += m_process.readAll();
        if (const auto found = ready.match(QString::fromUtf8(m_output)); found.hasMatch())
            return found.captured(1).toInt();
    }
    return 0;
}

const QByteArray &CleatDev::output()
{
    m_output += m_process.readAll();
    return m_output;
}

QString AnswerPart::told(const QString &request) const
{
    return request + u"\n    "_s + name + u"\n    theirs "_s + theirs + u"\n    ours   "_s + ours;
}

std::vector<AnswerPart> differingParts(const QJsonObject &theirs, const QJsonObject &ours)
{
    const auto theirParts = partsOf(theirs);
    const auto ourParts = partsOf(ours);
    std::set<QString> names;
    for (const auto *parts : {&theirParts, &ourParts}) {
        for (const auto &[part, value] : *parts)
            names.insert(part);
    }
    std::vector<AnswerPart> differing;
    for (const QString &name : names) {
        const auto value = [&name](const auto &parts) { return parts.contains(name) ? parts.at(name) : u"(none)"_s; };
        if (AnswerPart part{name, value(theirParts), value(ourParts)}; part.theirs != part.ours)
            differing.push_back(std::move(part));
    }
    return differing;
}

QString Differences::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return path + u": "_s + file.errorString();
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isArray())
        return path + u" holds no list."_s;
    for (const QJsonValue &value : document.array()) {
        const QJsonObject one = value.toObject();
        const QString text = QString::fromUtf8(QJsonDocument(one).toJson(QJsonDocument::Compact));
        if (!one[u"reason"_s].toString().endsWith(u'.'))
            return u"A difference has a reason, which is a sentence: "_s + text;
        const auto expression = [&one](const char *name) { return QRegularExpression(QRegularExpression::anchoredPattern(one[QLatin1String(name)].toString(u".*"_s))); };
        m_all.push_back({expression("project"), expression("request"), expression("part"), one[u"reason"_s].toString(), text});
    }
    return {};
}

QString Differences::reasonOf(const QString &project, const QString &request, const QString &part)
{
    QString reason;
    for (Difference &one : m_all) {
        if (one.project.match(project).hasMatch() && one.request.match(request).hasMatch() && one.part.match(part).hasMatch()) {
            ++one.used;
            reason = one.reason;
        }
    }
    return reason;
}

QStringList Differences::unused() const
{
    QStringList texts;
    for (const Difference &one : m_all) {
        if (one.used == 0)
            texts << one.text;
    }
    return texts;
}

} // namespace cleat::test
