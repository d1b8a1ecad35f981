// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"

#include "ui/widgets/rowview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTreeView>
#include <QTextEdit>
#include <QTabBar>
#include <QTableView>
#include <QTimer>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace cleat::tests {

namespace fs = std::filesystem;
using namespace Qt::StringLiterals;

namespace {

QString plain(QString text)
{
    return text.remove(u'&');
}

} // namespace

void prepareWindows(const QString &settingsFolder)
{
    QApplication::setOrganizationName(u"Cleat"_s);
    QApplication::setApplicationName(u"Cleat"_s);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settingsFolder);
    ui::setupTheme(*qApp);
}

WindowBench::WindowBench(Start start, Content content) : m_network(std::make_unique<QNetworkAccessManager>())
{
    fs::create_directory(path({}));
    switch (content) {
    case Content::Sample:
        fs::copy(fs::path(CLEAT_SOURCE_DIR) / "resources/sample", path({}), fs::copy_options::recursive);
        break;
    case Content::Empty:
        fs::create_directory(path("public"));
        write("public/index.html", "<!doctype html>\n");
        break;
    }
    session::Options options;
    options.project = path({});
    options.port = 0;
    options.dataFolder = fs::path(m_folder.path().toStdString()) / "data";
    session = std::make_unique<session::Session>(std::move(options), keychain);
    openWindow();
    if (start == Start::Yes) {
        session->start();
        if (!waitFor(session::State::Running))
            qWarning("The session does not run: %s", session->failure().message.c_str());
    }
}

WindowBench::~WindowBench()
{
    window.reset();
    m_network.reset();
    session.reset();
}

fs::path WindowBench::path(std::string_view name) const
{
    const fs::path root = fs::path(m_folder.path().toStdString()) / "site";
    return name.empty() ? root : root / name;
}

std::string WindowBench::read(std::string_view name) const
{
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void WindowBench::write(std::string_view name, std::string_view text) const
{
    fs::create_directories(path(name).parent_path());
    std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
    if (!(file << text).flush())
        qFatal("Could not write %s.", path(name).c_str());
}

void WindowBench::openWindow()
{
    window = std::make_unique<ui::MainWindow>(*session);
    window->show();
    // A display without a window manager makes no window the active one.
    const bool managed = QGuiApplication::platformName() == u"offscreen"_s;
    if (!(managed ? QTest::qWaitForWindowActive(window.get()) : QTest::qWaitForWindowExposed(window.get())))
        qWarning("The window does not show.");
}

void WindowBench::reopen()
{
    const session::Options options = session->options();
    window.reset();
    session = nullptr;
    session = std::make_unique<session::Session>(options, keychain);
    openWindow();
}

bool WindowBench::waitFor(session::State state) const
{
    return QTest::qWaitFor([this, state] { return session->state() == state; }, 30'000);
}

std::unique_ptr<QNetworkReply> WindowBench::begin(const QByteArray &method, const QString &target, const QByteArray &body)
{
    QUrl url = session->url().resolved(QUrl(target));
    url.setHost(u"127.0.0.1"_s); // a bare system may not know the name localhost
    QNetworkRequest request(url);
    request.setTransferTimeout(30'000);
    if (!body.isEmpty())
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    return std::unique_ptr<QNetworkReply>(static_cast<QNetworkAccessManager *>(m_network.get())->sendCustomRequest(request, method, body));
}

WindowBench::Reply WindowBench::request(const QByteArray &method, const QString &target, const QByteArray &body)
{
    const auto reply = begin(method, target, body);
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 30'000))
        return {};
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
}

QAbstractButton *WindowBench::button(const QString &text, const QWidget *in) const
{
    const auto all = (in ? in : window.get())->findChildren<QAbstractButton *>();
    for (QAbstractButton *button : all) {
        if (button->isVisible() && (plain(button->text()) == text || button->accessibleName() == text))
            return button;
    }
    return nullptr;
}

QTableView *WindowBench::table(const QString &name) const
{
    const auto all = window->findChildren<QTableView *>();
    for (QTableView *table : all) {
        if (table->isVisible() && table->accessibleName() == name)
            return table;
    }
    return nullptr;
}

ui::RowView *WindowBench::rows(const QString &name) const
{
    const auto all = window->findChildren<ui::RowView *>();
    const auto found = std::find_if(all.begin(), all.end(), [&name](const ui::RowView *view) { return view->isVisible() && view->accessibleName() == name; });
    return found == all.end() ? nullptr : *found;
}

QPlainTextEdit *WindowBench::text(const QString &name) const
{
    const auto all = window->findChildren<QPlainTextEdit *>();
    for (QPlainTextEdit *edit : all) {
        if (edit->isVisible() && edit->accessibleName() == name)
            return edit;
    }
    return nullptr;
}

/// Of trees: the first hundred rows of each branch.
static bool holds(const QAbstractItemModel &model, const QModelIndex &parent, const QString &words)
{
    for (int row = 0; row < std::min(model.rowCount(parent), 100); ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            if (model.index(row, column, parent).data().toString().contains(words))
                return true;
        }
        if (holds(model, model.index(row, 0, parent), words))
            return true;
    }
    return false;
}

bool WindowBench::shows(const QString &words) const
{
    const auto all = window->findChildren<QWidget *>();
    for (const QWidget *widget : all) {
        if (!widget->isVisible())
            continue;
        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *edit = qobject_cast<const QPlainTextEdit *>(widget);
        const auto *rich = qobject_cast<const QTextEdit *>(widget);
        const auto *tree = qobject_cast<const QTreeView *>(widget);
        if ((label && label->text().contains(words)) || (edit && edit->toPlainText().contains(words)) || (rich && rich->toPlainText().contains(words))
            || (tree && tree->model() && holds(*tree->model(), {}, words)) || widget->accessibleName().contains(words))
            return true;
    }
    return false;
}

void WindowBench::click(const QString &buttonText) const
{
    QAbstractButton *found = button(buttonText);
    QVERIFY2(found, qPrintable(u"no button "_s + buttonText));
    QVERIFY2(found->isEnabled(), qPrintable(u"disabled: "_s + buttonText));
    QTest::mouseClick(found, Qt::LeftButton);
}

void WindowBench::chooseFromMenu(const QString &buttonText, const QString &entry) const
{
    auto *opener = qobject_cast<QPushButton *>(button(buttonText));
    QVERIFY2(opener && opener->menu(), qPrintable(u"no menu button "_s + buttonText));
    bool chosen = false;
    // The menu may keep the click from returning until it is closed.
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, opener, [&] {
        QMenu *menu = opener->menu();
        if (!menu->isVisible())
            return;
        poll.stop();
        for (QAction *action : menu->actions()) {
            if (plain(action->text()) == entry) {
                chosen = true;
                QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
                return;
            }
        }
        menu->close();
    });
    poll.start(10);
    QTest::mouseClick(opener, Qt::LeftButton);
    QTRY_VERIFY2(chosen, qPrintable(u"no entry "_s + entry));
}

bool WindowBench::showTab(const QString &name) const
{
    const auto bars = window->findChildren<QTabBar *>();
    for (QTabBar *bar : bars) {
        for (int i = 0; bar->isVisible() && i < bar->count(); ++i) {
            if (bar->tabText(i).startsWith(name)) {
                QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(i).center());
                return bar->currentIndex() == i;
            }
        }
    }
    return false;
}

void WindowBench::press(Qt::Key key, Qt::KeyboardModifiers modifiers) const
{
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), key, modifiers);
}

int WindowBench::rowOf(const QAbstractItemView &table, int column, const QString &text)
{
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        if (table.model()->index(row, column).data().toString() == text)
            return row;
    }
    return -1;
}

void WindowBench::clickRow(QAbstractItemView &table, int row, Qt::KeyboardModifiers modifiers)
{
    const QModelIndex index = table.model()->index(row, 0);
    table.scrollTo(index);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, modifiers, table.visualRect(index).center());
}

void WindowBench::clickCell(QAbstractItemView &table, int row, int column)
{
    const QModelIndex index = table.model()->index(row, column);
    table.scrollTo(index);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(index).center());
}

QDialog *WindowBench::dialog() const
{
    QDialog *found = nullptr;
    const bool open = QTest::qWaitFor([&] {
        const auto all = window->findChildren<QDialog *>();
        const auto visible = std::find_if(all.begin(), all.end(), [](const QDialog *dialog) { return dialog->isVisible(); });
        found = visible == all.end() ? nullptr : *visible;
        return found != nullptr;
    }, 30'000);
    return open && QTest::qWaitForWindowActive(found) ? found : nullptr;
}

} // namespace cleat::tests
