// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "tests/core/secrets/memorykeychain.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractButton>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

class QDialog;
class QNetworkReply;
class QAbstractItemView;
class QPlainTextEdit;
class QTableView;

namespace cleat::ui {
class RowView;
}

namespace cleat::tests {

/// The window as the program makes it, on a copy of the sample project, over a real session on a free port. GUI thread.
class WindowBench
{
public:
    enum class Start { No, Yes };
    /// Empty: a folder with public/index.html only.
    enum class Content { Sample, Empty };
    explicit WindowBench(Start start = Start::Yes, Content content = Content::Sample);
    ~WindowBench();

    std::filesystem::path path(std::string_view name) const;
    std::string read(std::string_view name) const;
    /// Makes the folders above it, too; a failure ends the test program.
    void write(std::string_view name, std::string_view text) const;

    /// Shows the window; the session of before is kept.
    void openWindow();
    /// As when the program is left and started again.
    void reopen();
    bool waitFor(session::State state) const;

    struct Reply {
        int status = 0; ///< 0: no answer
        QByteArray body;
        bool operator==(const Reply &) const = default;
    };
    /// Waits for the answer with the event loop running.
    Reply request(const QByteArray &method, const QString &target, const QByteArray &body = {});
    Reply get(const QString &target) { return request("GET", target); }
    /// Does not wait.
    std::unique_ptr<QNetworkReply> begin(const QByteArray &method, const QString &target, const QByteArray &body = {});

    /// The first that can be seen and bears the text or the accessible name, but for "&"; nullptr when there is none.
    QAbstractButton *button(const QString &text, const QWidget *in = nullptr) const;
    QTableView *table(const QString &name) const;
    ui::RowView *rows(const QString &name) const;
    QPlainTextEdit *text(const QString &name) const;
    /// Whether any label, bar or text view that can be seen holds the words.
    bool shows(const QString &words) const;
    void click(const QString &buttonText) const;
    /// With a mouse: the button, then the entry of its menu.
    void chooseFromMenu(const QString &buttonText, const QString &entry) const;
    /// With a mouse: brings the tab to the front whose text begins with this. False when there is none.
    bool showTab(const QString &name) const;
    /// A shortcut, once the window is the active one again.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const;
    /// Where the table has a row with this text in this column; -1 when there is none.
    static int rowOf(const QAbstractItemView &table, int column, const QString &text);
    static void clickRow(QAbstractItemView &table, int row, Qt::KeyboardModifiers modifiers = {});
    /// With a mouse, in that cell; for buttons that are painted.
    static void clickCell(QAbstractItemView &table, int row, int column);
    /// The window that is open over the main one; nullptr when none comes.
    QDialog *dialog() const;

    /// What the session has for the system's.
    MemoryKeychain keychain;
    std::unique_ptr<session::Session> session;
    std::unique_ptr<ui::MainWindow> window;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QObject> m_network;
};

/// Once a test program, before the first bench: settings of its own, and the program's looks.
void prepareWindows(const QString &settingsFolder);

} // namespace cleat::tests
