// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <vector>

namespace cleat::test {

/// `cleat dev` on a project folder, on a free loopback port, with home folders of its own.
class CleatDev final
{
public:
    CleatDev(const QString &project, const QString &home, const QStringList &flags);
    ~CleatDev();
    CleatDev(const CleatDev &) = delete;
    CleatDev &operator=(const CleatDev &) = delete;

    /// Waits until it answers. 0: it does not start.
    int port();
    /// All that it printed.
    const QByteArray &output();

private:
    QProcess m_process;
    QByteArray m_output;
};

/// Where two answers differ: "status", "body", "field etag" ...
struct AnswerPart {
    QString name;
    QString theirs;
    QString ours;

    QString told(const QString &request) const;
};

std::vector<AnswerPart> differingParts(const QJsonObject &theirs, const QJsonObject &ours);

/// A list of differences that are known, each with its reason: [{"project", "request", "part": regular expressions, "reason": a sentence}].
class Differences final
{
public:
    /// What is wrong with the file, if anything is.
    QString read(const QString &file);
    /// Empty: this difference is none of the list.
    QString reasonOf(const QString &project, const QString &request, const QString &part);
    /// Those that were never asked for.
    QStringList unused() const;

private:
    struct Difference {
        QRegularExpression project;
        QRegularExpression request;
        QRegularExpression part;
        QString reason;
        QString text;
        int used = 0;
    };
    std::vector<Difference> m_all;
};

} // namespace cleat::test
