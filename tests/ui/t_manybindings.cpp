// SPDX-License-Identifier: GPL-3.0-or-later
// A Wrangler file with 1,000 bindings, in both spellings: it shows, it is edited, it is searched. How long that takes is printed; only a release build on a quiet machine
// says something by it.
#include "core/base/file.h"
#include "tests/ui/windowbench.h"
#include "ui/bindings/bindingsmodel.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QSettings>
#include <QTableView>

#include <algorithm>
#include <vector>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

constexpr int many = 1000;

std::string manyToml()
{
    std::string text = "name = \"many\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-01-01\"\n";
    for (int i = 0; i < many; ++i)
        text += "\n# number " + std::to_string(i) + "\n[[kv_namespaces]]\nbinding = \"KV_" + std::to_string(i) + "\"\nid = \"0f2ac74b498b48028cb68387c421e279\"\n";
    return text;
}

std::string manyJson()
{
    std::string text = "{\n  \"name\": \"many\",\n  \"pages_build_output_dir\": \"public\",\n  \"compatibility_date\": \"2026-01-01\",\n  \"kv_namespaces\": [\n";
    for (int i = 0; i < many; ++i)
        text += "    { \"binding\": \"KV_" + std::to_string(i) + "\", \"id\": \"0f2ac74b498b48028cb68387c421e279\" },\n";
    return text + "  ],\n}\n";
}

double median(std::vector<double> times)
{
    std::ranges::sort(times);
    return times[times.size() / 2];
}

} // namespace

class TestManyBindings final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void opensAndEdits_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("toml") << QByteArray("wrangler.toml") << QByteArray::fromStdString(manyToml());
        QTest::newRow("jsonc") << QByteArray("wrangler.jsonc") << QByteArray::fromStdString(manyJson());
    }
    void opensAndEdits()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, text);
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write(name.toStdString(), text.toStdString());
        std::vector<double> opened;
        for (int round = 0; round < 5; ++round) {
            QElapsedTimer timer;
            timer.start();
            bench.reopen(); // reads the file, makes the window and shows it
            (void)bench.window->grab();
            opened.push_back(double(timer.nsecsElapsed()) / 1e6);
        }
        QTableView *table = bench.table(u"Bindings"_s);
        QVERIFY(table);
        QCOMPARE(table->model()->rowCount(), many);

        session::ConfigStore &store = bench.session->config();
        std::vector<double> written; // as apply() does it: the edit, checked, and the file replaced
        std::vector<double> edited;
        std::vector<double> undone;
        for (int round = 0; round < 5; ++round) {
            config::Binding changed{config::Kind::KvNamespace, "KV_500", {}};
            changed.set("id", "changed-" + std::to_string(round));
            QElapsedTimer timer;
            const config::Edit edit = config::ChangeBinding{config::Scope::TopLevel, config::Kind::KvNamespace, "KV_500", changed};
            timer.start();
            const auto preview = store.preview(edit);
            QVERIFY(preview && base::writeFileAtomically(bench.path("copy-of-" + name.toStdString()), *preview));
            written.push_back(double(timer.nsecsElapsed()) / 1e6);
            timer.start();
            QVERIFY(store.apply(edit, u"Change"_s));
            edited.push_back(double(timer.nsecsElapsed()) / 1e6);
            QVERIFY(bench.read(name.toStdString()).find("changed-" + std::to_string(round)) != std::string::npos);
            timer.start();
            QVERIFY(store.undo());
            undone.push_back(double(timer.nsecsElapsed()) / 1e6);
        }
        QCOMPARE(bench.read(name.toStdString()), text.toStdString());

        auto *search = bench.window->findChild<QLineEdit *>();
        for (QLineEdit *edit : bench.window->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == u"Search")
                search = edit;
        }
        QVERIFY(search);
        QElapsedTimer timer;
        timer.start();
        search->setText(u"KV_999"_s);
        (void)table->grab();
        const double searched = double(timer.nsecsElapsed()) / 1e6;
        QCOMPARE(table->model()->rowCount(), 1);
        qInfo("%s, %d bindings: shown %.0f ms after opening; an edit is on disk after %.1f ms, and read and shown again after %.1f ms; undo %.1f ms; search %.1f ms", name.constData(), many, median(opened),
            median(written), median(edited), median(undone), searched);
    }
};

QTEST_MAIN(TestManyBindings)
#include "t_manybindings.moc"
