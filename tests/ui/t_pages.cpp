// SPDX-License-Identifier: GPL-3.0-or-later
// Every page of the window, drawn on a display: a picture of each is left beside the test program (screenshots/), for people to look at, and each is checked for what a
// program can see: no words that are cut off, no text that can hardly be told from what is behind it. ctest runs it light and dark, at one and at two pixels a point.
#include "core/config/bindingkinds.h"
#include "tests/ui/windowbench.h"
#include "ui/bindings/entrydialogs.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QSettings>

#include <cmath>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

constexpr const char *everyKind = R"(name = "shop"
pages_build_output_dir = "public"
compatibility_date = "2026-01-01"

[[kv_namespaces]]
binding = "TODO_LIST"
id = "0f2ac74b498b48028cb68387c421e279"
preview_id = "local-todos"

[[r2_buckets]]
binding = "BUCKET"
bucket_name = "pictures"

[[d1_databases]]
binding = "NORTHWIND_DB"
database_id = "8f1a2c3d-0000-4000-8000-1234567890ab"
database_name = "northwind"

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"
script_name = "rooms"

[[services]]
binding = "AUTH"
service = "auth-worker"
entrypoint = "AdminEntrypoint"

[[queues.producers]]
binding = "MAIL"
queue = "mail"

[ai]
binding = "AI"

[vars]
GREETING = "hello"
LIMITS = { requests = 10, burst = [1, 2] }

[env.preview]

[[env.preview.kv_namespaces]]
binding = "TODO_LIST"
id = "preview-todos"

[env.preview.vars]
GREETING = "hello from preview"

[env.staging]
)";

double luminance(const QColor &color)
{
    const auto part = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

/// Of the Web Content Accessibility Guidelines 2.2, "contrast ratio".
double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

} // namespace

class TestPages final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;
    QDir m_pictures;

    QDialog *dialog(const WindowBench &bench) const
    {
        QDialog *found = nullptr;
        (void)QTest::qWaitFor([&] {
            found = bench.window->findChild<QDialog *>();
            return found && found->isVisible();
        });
        if (found)
            (void)QTest::qWaitForWindowExposed(found);
        return found;
    }

    void look(QWidget &page, const QString &name)
    {
        QTest::qWait(50); // fonts, layouts and colours settle
        const QPixmap picture = page.grab();
        QVERIFY(!picture.isNull());
        QVERIFY(picture.save(m_pictures.filePath(name + u".png"_s)));
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty())
                continue;
            const QString where = u"%1: “%2”"_s.arg(name, label->text());
            if (!label->wordWrap())
                QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(where + u" is cut off"_s));
            else
                QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(where + u" has lines that do not show"_s));
            if (!label->isEnabled()) // what cannot be used may be faint
                continue;
            const double ratio = contrast(label->palette().color(QPalette::WindowText), label->palette().color(QPalette::Window));
            QVERIFY2(ratio >= 3.0, qPrintable(where + u" has a contrast of only %1"_s.arg(ratio)));
        }
        for (const QAbstractButton *button : page.findChildren<QAbstractButton *>()) {
            if (button->isVisible() && !button->text().isEmpty() && !button->icon().isNull())
                QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(u"%1: the button “%2” is cut off"_s.arg(name, button->text())));
        }
    }

    static void closeDialog(QDialog *dialog, const WindowBench &bench)
    {
        dialog->reject();
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
    }

private Q_SLOTS:
    void initTestCase()
    {
        tests::prepareWindows(m_settings.path());
        const QString look = qEnvironmentVariable("CLEAT_THEME", u"light"_s) + u'-' + qEnvironmentVariable("QT_SCALE_FACTOR", u"1"_s) + u'x';
        m_pictures = QDir(QCoreApplication::applicationDirPath() + u"/screenshots/"_s + look);
        QVERIFY(m_pictures.mkpath(u"."_s));
    }
    void init() { QSettings().clear(); }

    void bindings()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        bench.write(".dev.vars", "API_KEY=abc\nGREETING=from the file\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->secrets().set({config::Scope::Production, config::Scope::Preview}, {{"STRIPE_KEY", secrets::SecretText("sk")}}, [](const auto &) {});
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QVERIFY(bench.showTab(u"Production"_s));
        look(*bench.window, u"bindings-production"_s);
        QVERIFY(bench.showTab(u"Preview"_s));
        look(*bench.window, u"bindings-preview"_s);
        bench.window->resize(bench.window->minimumSize());
        look(*bench.window, u"bindings-small"_s);
    }

    void empty()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        look(*bench.window, u"new-project"_s);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        look(*bench.window, u"bindings-empty"_s);
        bench.write("wrangler.toml", "name = \n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Broken);
        look(*bench.window, u"bindings-broken"_s);
    }

    void addSheet()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        ui::openAddDialog(*bench.session, config::Scope::Preview, {}, bench.window.get());
        QDialog *sheet = dialog(bench);
        QVERIFY(sheet);
        look(*sheet, u"add"_s);
        closeDialog(sheet, bench);
        for (const config::BindingKind &kind : config::bindingKinds()) {
            ui::openAddDialog(*bench.session, config::Scope::Preview, ui::EntryStart{ui::EntryDraft::Sort::Binding, kind.kind}, bench.window.get());
            QDialog *form = dialog(bench);
            QVERIFY(form);
            look(*form, u"add-%1"_s.arg(QLatin1StringView(kind.key.data(), qsizetype(kind.key.size()))));
            closeDialog(form, bench);
        }
        for (const auto sort : {ui::EntryDraft::Sort::Variable, ui::EntryDraft::Sort::Secret}) {
            ui::openAddDialog(*bench.session, config::Scope::Production, ui::EntryStart{sort, {}}, bench.window.get());
            QDialog *form = dialog(bench);
            QVERIFY(form);
            look(*form, sort == ui::EntryDraft::Sort::Variable ? u"add-variable"_s : u"add-secret"_s);
            closeDialog(form, bench);
        }
    }

    void configFile()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.press(Qt::Key_4, Qt::ControlModifier);
        look(*bench.window, u"config-file-toml"_s);
        bench.write("wrangler.jsonc", "{\n  // the shop\n  \"name\": \"shop\",\n  \"pages_build_output_dir\": \"public\",\n  \"vars\": { \"GREETING\": \"hello\", \"N\": 1 },\n}\n");
        QTRY_COMPARE(bench.session->config().form(), config::Form::Jsonc);
        look(*bench.window, u"config-file-jsonc"_s);
    }

    void requests()
    {
        WindowBench bench;
        for (const auto *target : {"/hello", "/", "/nothing-here"})
            (void)bench.get(QString::fromLatin1(target));
        bench.press(Qt::Key_3, Qt::ControlModifier);
        QTest::qWait(200);
        look(*bench.window, u"requests"_s);
    }
};

QTEST_MAIN(TestPages)
#include "t_pages.moc"
