// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// A project in a folder of its own, and the real program on it.
class CommandBench
{
public:
    struct Run {
        int status = -1; ///< -1: crashed or did not end
        QByteArray out;
        QByteArray err;
    };

    QString path(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    Run run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), arguments);
        process.write(input);
        process.closeWriteChannel();
        const bool ended = process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit;
        return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    /// A command line whose words have no blanks.
    Run run(const char *line, const QByteArray &input = {}) const { return run(QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts), input); }

private:
    QTemporaryDir m_folder;
};
