// SPDX-License-Identifier: GPL-3.0-or-later
// A Vectorize index in the Data pane.
#include "core/data/vectorize/vectorlist.h"
#include "tests/ui/viewbench.h"
#include "ui/data/vectorize/scatterview.h"
#include "ui/data/vectorize/vectorview.h"
#include "ui/values/valueview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSpinBox>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::vectorize::VectorIndex;
using data::vectorize::Metric;
using data::vectorize::Vector;
using session::DataResource;
using ui::MatchModel;
using ui::VectorModel;

namespace {

class Bench final : public tests::ViewBench
{
public:
    void create(Metric metric = Metric::Euclidean) { QVERIFY(data::vectorize::createIndex(state(), "docs", 3, metric)); }
    void write(const std::vector<Vector> &vectors)
    {
        if (!m_index)
            m_index = std::make_unique<VectorIndex>(state(), "docs");
        const auto done = m_index->upsert(vectors);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
    using ViewBench::write;
    void writeSome()
    {
        write({{"apple", {1, 0, 0}, "fruit", R"({"colour":"red"})"}, {"pear", {0.9F, 0.2F, 0}, "fruit", R"({"colour":"green"})"}, {"wolf", {0, 0, 5}, {}, {}}});
    }
    void open()
    {
        DataResource resource;
        resource.kind = DataResource::Kind::Vectorize;
        resource.id = resource.title = "docs";
        resource.state = state();
        resource.file = state() / "v3" / "vectorize" / "docs.sqlite";
        resource.exists = std::filesystem::exists(resource.file);
        show(ui::makeVectorView(resource, nullptr));
    }
    ui::RowView *vectors() const { return rows(u"Vectors"_s); }
    ui::RowView *matches() const { return rows(u"Matches"_s); }
    QStringList ids() const { return vectors() ? column(*vectors(), VectorModel::Id) : QStringList(); }
    QPlainTextEdit *field(const QString &name) const { return text(name); }
    QAction *action(const QString &name) const
    {
        for (QAction *one : view->findChildren<QAction *>()) {
            if (one->text() == name)
                return one;
        }
        return nullptr;
    }

private:
    std::unique_ptr<VectorIndex> m_index; ///< as code has it
};

} // namespace

class TestVectorView final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareViews(m_settings.path()); }
    void init() { QSettings().clear(); }

    void createsAndDeletes()
    {
        Bench bench;
        bench.open();
        QVERIFY(bench.shows(u"The index is not there yet"_s));
        bench.click(u"Create the index…"_s);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QLineEdit *name = nullptr;
        for (QLineEdit *edit : dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == u"Name"_s)
                name = edit;
        }
        QVERIFY(name);
        QCOMPARE(name->text(), u"docs"_s);
        dialog->findChild<QSpinBox *>()->setValue(3);
        dialog->findChild<QComboBox *>()->setCurrentIndex(1);
        name->setText(u"no spaces please"_s);
        QTest::mouseClick(bench.button(u"Create"_s, dialog), Qt::LeftButton);
        const auto trouble = [&] {
            for (const ui::ToneLabel *label : dialog->findChildren<ui::ToneLabel *>()) {
                if (label->isVisible() && label->text().contains(u"name"_s, Qt::CaseInsensitive))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(trouble()); // stays open, and tells why
        name->setText(u"docs"_s);
        QTRY_VERIFY(bench.button(u"Create"_s, dialog)->isEnabled());
        bench.answer(u"Create"_s);
        QTRY_VERIFY(bench.vectors());
        QTRY_VERIFY(bench.view->findChild<ui::ElideLabel *>(u"indexFacts"_s)->text() == u"3 dimensions · euclidean"_s);
        bench.action(u"Delete the index…"_s)->trigger();
        bench.answer(u"Cancel"_s);
        QVERIFY(bench.vectors());
        bench.action(u"Delete the index…"_s)->trigger();
        bench.answer(u"Delete"_s);
        QTRY_VERIFY(bench.shows(u"The index is not there yet"_s));
    }

    void listsAndShows()
    {
        Bench bench;
        bench.create();
        bench.writeSome();
        bench.open();
        QTRY_COMPARE(bench.ids(), (QStringList{u"apple"_s, u"pear"_s, u"wolf"_s}));
        const QAbstractItemModelTester tester(bench.vectors()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(bench.vectors()->model()->index(0, VectorModel::Namespace).data().toString(), u"fruit"_s);
        QCOMPARE(bench.vectors()->model()->index(0, VectorModel::Metadata).data().toString(), u"{\"colour\":\"red\"}"_s);
        Bench::clickRow(*bench.vectors(), 0);
        auto *metadata = bench.view->findChild<ui::ValueView *>();
        QTRY_VERIFY(metadata->value() && *metadata->value() == R"({"colour":"red"})");
        QTRY_VERIFY(bench.shows(u"in namespace fruit · 3 values · length 1"_s));
        QVERIFY(bench.showTab(u"Values"_s));
        QCOMPARE(bench.field(u"Values"_s)->toPlainText(), u"[1, 0, 0]"_s);
        bench.click(u"Copy as JSON"_s);
        QCOMPARE(QApplication::clipboard()->text(), u"{\"id\":\"apple\",\"values\":[1.0,0.0,0.0],\"namespace\":\"fruit\",\"metadata\":{\"colour\":\"red\"}}"_s);

        // What code writes is there, also of the one that is shown.
        bench.write({{"apple", {2, 0, 0}, {}, {}}, {"bear", {1, 1, 1}, {}, {}}});
        QTRY_COMPARE(bench.ids(), (QStringList{u"apple"_s, u"bear"_s, u"pear"_s, u"wolf"_s}));
        QTRY_COMPARE(bench.field(u"Values"_s)->toPlainText(), u"[2, 0, 0]"_s);

        for (QLineEdit *edit : bench.view->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == u"Ids that begin with"_s)
                edit->setText(u"be"_s);
        }
        QTRY_COMPARE(bench.ids(), QStringList{u"bear"_s});
        Bench::clickRow(*bench.vectors(), 0);
        QTRY_VERIFY(bench.button(u"Delete"_s)->isEnabled());
        bench.click(u"Delete"_s);
        bench.answer(u"Delete"_s);
        QTRY_COMPARE(bench.ids(), QStringList{});
        QCOMPARE(data::vectorize::VectorList(bench.state(), "docs").count({}).value(), 3U);
    }

    void finds()
    {
        Bench bench;
        bench.create();
        bench.writeSome();
        bench.open();
        QTRY_COMPARE(bench.ids().size(), 3);
        Bench::clickRow(*bench.vectors(), 0);
        QTRY_VERIFY(bench.button(u"Similar to this"_s)->isEnabled());
        bench.click(u"Similar to this"_s);
        QTRY_VERIFY(bench.matches());
        const QAbstractItemModelTester tester(bench.matches()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(Bench::column(*bench.matches(), MatchModel::Id), (QStringList{u"apple"_s, u"pear"_s, u"wolf"_s}));
        QCOMPARE(bench.field(u"Vector"_s)->toPlainText(), u"[1, 0, 0]"_s);
        QCOMPARE(bench.matches()->model()->index(0, MatchModel::Score).data().toString(), u"0"_s);

        bench.field(u"Vector"_s)->setPlainText(u"[0, 0, 4]"_s);
        bench.click(u"Find"_s);
        QTRY_COMPARE(Bench::column(*bench.matches(), MatchModel::Id).value(0), u"wolf"_s);
        Bench::clickRow(*bench.matches(), 2);
        QTRY_VERIFY(bench.shows(u"in namespace fruit"_s)); // at the right

        bench.field(u"Filter"_s)->setPlainText(u"{\"colour\": \"red\"}"_s);
        bench.click(u"Find"_s);
        QTRY_VERIFY(bench.shows(u"There is no metadata index for \"colour\""_s));
        QCOMPARE(bench.matches()->model()->rowCount(), 0);

        // What is wrong is told, and nothing is found then.
        bench.field(u"Filter"_s)->clear();
        bench.field(u"Vector"_s)->setPlainText(u"[1, 2]"_s);
        bench.click(u"Find"_s);
        QTRY_VERIFY(bench.shows(u"3"_s) && bench.shows(u"dimensions"_s));
        QTRY_COMPARE(bench.matches()->model()->rowCount(), 0);
        bench.field(u"Vector"_s)->setPlainText(u"[1, \"x\", 2]"_s);
        bench.click(u"Find"_s);
        QTRY_VERIFY(bench.shows(u"Value 2 of the list is not a number"_s));
        bench.field(u"Vector"_s)->setPlainText(u"[1, 2"_s);
        QTRY_VERIFY(!bench.button(u"Find"_s)->isEnabled());
    }

    void importsAndExports()
    {
        Bench bench;
        bench.create();
        bench.writeSome();
        bench.write("in.ndjson", "{\"id\":\"apple\",\"values\":[7,7,7]}\n\n{\"id\":\"zebra\",\"values\":[1,2,3],\"metadata\":{\"a\":1}}\n");
        bench.write("bad.ndjson", "{\"id\":\"x\",\"values\":[1,2,3]}\n{\"id\":\"y\",\"values\":[1,2]}\nnonsense\n");
        bench.open();
        QTRY_COMPARE(bench.ids().size(), 3);
        bench.click(u"Import…"_s);
        bench.answerFile(bench.pathText("in.ndjson"));
        QTRY_VERIFY(bench.shows(u"2 vectors were read and written."_s));
        QTRY_COMPARE(bench.ids(), (QStringList{u"apple"_s, u"pear"_s, u"wolf"_s, u"zebra"_s}));

        bench.click(u"Import…"_s);
        bench.answerFile(bench.pathText("bad.ndjson"));
        QTRY_VERIFY(bench.shows(u"bad.ndjson:3"_s)); // the line
        QCOMPARE(bench.ids().size(), 4);

        bench.click(u"Export…"_s);
        bench.answerFile(bench.pathText("out.ndjson"));
        QTRY_VERIFY(bench.shows(u"4 vectors are in"_s));
        const std::string written = bench.read("out.ndjson");
        QCOMPARE(std::ranges::count(written, '\n'), 4);
        QVERIFY(written.contains("{\"id\":\"apple\",\"values\":[7.0,7.0,7.0]}"));
    }

    void paints()
    {
        Bench bench;
        bench.create();
        std::vector<Vector> vectors;
        for (int i = 0; i < 60; ++i)
            vectors.push_back({"v" + std::to_string(i), {static_cast<float>(i), static_cast<float>(i % 5), 0}, i % 2 ? std::optional<std::string>("odd") : std::nullopt, {}});
        bench.write(vectors);
        bench.open();
        QVERIFY(bench.showTab(u"Picture"_s));
        auto *scatter = bench.view->findChild<ui::ScatterView *>();
        QTRY_COMPARE(scatter->projection().spots.size(), std::size_t(60));
        QTRY_VERIFY(bench.shows(u"All 60 vectors"_s));
        const auto spot = std::ranges::find(scatter->projection().spots, std::string("v59"), &data::vectorize::Spot::id);
        const QPointF place = scatter->placeOf(static_cast<std::size_t>(spot - scatter->projection().spots.begin()));
        QTest::mouseMove(scatter, place.toPoint());
        QTRY_COMPARE(scatter->cursor().shape(), Qt::PointingHandCursor);
        QTest::mouseClick(scatter, Qt::LeftButton, {}, place.toPoint());
        QTRY_VERIFY(bench.shows(u"in namespace odd"_s));
        bench.write({{"new", {100, 100, 100}, {}, {}}});
        QTRY_COMPARE(scatter->projection().spots.size(), std::size_t(61));
    }
};

QTEST_MAIN(TestVectorView)
#include "t_vectorview.moc"
