// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/patience.h"
#include "ui/data/dataview.h"
#include "ui/widgets/rowview.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace cleat::tests {

/// One view of the Data pane in a window of its own, polled as the pane does, over a state folder of its own. GUI thread.
class ViewBench
{
public:
    ViewBench()
    {
        m_poll.setInterval(250);
        QObject::connect(&m_poll, &QTimer::timeout, &m_poll, [this] { view->poll(); });
    }
    virtual ~ViewBench() { m_poll.stop(); }
    ViewBench(const ViewBench &) = delete;
    ViewBench &operator=(const ViewBench &) = delete;

    std::filesystem::path state() const { return m_folder.path().toStdString(); }
    std::filesystem::path path(const char *name) const { return state() / name; }
    QString pathText(const char *name) const { return QString::fromStdString(path(name).string()); }
    std::string read(const char *name) const
    {
        std::ifstream stream(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void write(const char *name, std::string_view text) const { std::ofstream(path(name), std::ios::binary) << text; }

    void show(ui::DataView *shown)
    {
        view.reset(shown);
        view->resize(1100, 700);
        view->show();
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
        m_poll.start();
    }

    QAbstractButton *button(const QString &text, const QWidget *in = nullptr) const
    {
        for (QAbstractButton *one : (in ? in : view.get())->findChildren<QAbstractButton *>()) {
            const auto plain = [](QString words) { return words.remove(QLatin1Char('&')); };
            if (one->isVisible() && (plain(one->text()) == text || one->accessibleName() == text))
                return one;
        }
        return nullptr;
    }
    void click(const QString &text) const
    {
        QAbstractButton *found = button(text);
        QVERIFY2(found, qPrintable(text));
        QTRY_VERIFY2(found->isEnabled(), qPrintable(text));
        QTest::mouseClick(found, Qt::LeftButton);
    }
    ui::RowView *rows(const QString &name) const { return named<ui::RowView>(name); }
    QPlainTextEdit *text(const QString &name) const { return named<QPlainTextEdit>(name); }
    bool shows(const QString &words) const
    {
        for (const QLabel *label : view->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        for (const QPlainTextEdit *edit : view->findChildren<QPlainTextEdit *>()) {
            if (edit->isVisible() && edit->toPlainText().contains(words))
                return true;
        }
        return false;
    }
    bool showTab(const QString &name) const
    {
        for (QTabBar *bar : view->findChildren<QTabBar *>()) {
            for (int i = 0; bar->isVisible() && i < bar->count(); ++i) {
                if (bar->tabText(i).startsWith(name)) {
                    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(i).center());
                    return bar->currentIndex() == i;
                }
            }
        }
        return false;
    }
    static void clickRow(QAbstractItemView &table, int row)
    {
        const QModelIndex index = table.model()->index(row, 0);
        table.scrollTo(index);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(index).center());
    }
    QDialog *dialog() const
    {
        QDialog *found = nullptr;
        static_cast<void>(QTest::qWaitFor([&] {
            for (QDialog *one : view->findChildren<QDialog *>())
                found = one->isVisible() ? one : found;
            return found != nullptr;
        }, 30'000));
        return found;
    }
    bool asksNothing() const { return QTest::qWaitFor([&] { return view->findChildren<QDialog *>().isEmpty(); }, 30'000); }
    /// Presses the button of the question that is open.
    void answer(const QString &text) const
    {
        QDialog *asked = dialog();
        QVERIFY(asked);
        QAbstractButton *found = button(text, asked);
        QVERIFY2(found, qPrintable(text));
        QTest::mouseClick(found, Qt::LeftButton);
        QVERIFY(asksNothing());
    }
    /// Names a file to the question that is open.
    void answerFile(const QString &file) const
    {
        auto *asked = qobject_cast<QFileDialog *>(dialog());
        QVERIFY(asked);
        asked->selectFile(file);
        QMetaObject::invokeMethod(asked, "accept");
        QVERIFY(asksNothing());
    }
    static QStringList column(const QAbstractItemView &table, int number)
    {
        QStringList all;
        for (int row = 0; row < table.model()->rowCount(); ++row)
            all << table.model()->index(row, number).data().toString();
        return all;
    }

    std::unique_ptr<ui::DataView> view;

private:
    template <typename Widget>
    Widget *named(const QString &name) const
    {
        for (Widget *one : view->findChildren<Widget *>()) {
            if (one->isVisible() && one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }

    QTemporaryDir m_folder;
    QTimer m_poll;
};

/// Once a test program, before the first view: settings of its own.
inline void prepareViews(const QString &settingsFolder)
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settingsFolder);
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

} // namespace cleat::tests
