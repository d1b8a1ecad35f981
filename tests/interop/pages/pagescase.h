// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace cleat::test {

/// A line of a case: "GET /path | Name: value | body: text"; with "lines" in place of "body", each \n of the text ends a line. "{etag}" in a value is the entity tag of the answer before, without its quotes.
struct PagesRequest {
    QByteArray line; ///< as written
    QByteArray method;
    QByteArray target; ///< sent as it is
    std::vector<std::pair<QByteArray, QByteArray>> fields;
    QByteArray body;
};

/// A small Pages project and what is asked of it; tests/interop/pages/README.md says how it is written down.
class PagesCase final
{
public:
    /// Empty when the file cannot be read or is not in order; `problem` says why.
    static PagesCase read(const QString &file, QString &problem);
    static QStringList names();
    static QString fileOf(const QString &name);
    static QString recordedFileOf(const QString &name);

    /// Makes the project's files below `folder`, with a wrangler.toml if it has none.
    bool write(const QString &folder) const;
    const QStringList &flags() const { return m_flags; }
    /// One more request, in the words of a case.
    void add(const QByteArray &line);
    const std::vector<PagesRequest> &requests() const { return m_requests; }
    /// Asks a server on 127.0.0.1 all of it in order, each on a connection of its own: one object for each answer.
    /// `folder`: the project's, which answers may name.
    std::vector<QJsonObject> ask(int port, const QString &folder) const;

private:
    struct File {
        enum class Kind { Content, Link, Folder };
        Kind kind = Kind::Content;
        QString path;
        QByteArray content; ///< of a link its target
    };
    std::vector<File> m_files;
    QStringList m_flags;
    QRegularExpression m_random; ///< what bodies hold anew in each answer
    std::vector<PagesRequest> m_requests;
};

} // namespace cleat::test
