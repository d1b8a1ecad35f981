// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/data/r2/objecteditor.h"
#include "core/data/r2/transfer.h"
#include "core/session/dataresources.h"
#include "ui/data/folderbar.h"
#include "ui/data/foldermodel.h"
#include "ui/data/objectdetail.h"
#include "ui/data/progressstrip.h"
#include "ui/data/r2view.h"
#include "ui/values/valueview.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <nlohmann/json.hpp>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QDialog>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include <fstream>

using namespace cleat;
using namespace Qt::StringLiterals;
using data::r2::ObjectEditor;
using session::DataResource;
using ui::FolderModel;
using ui::R2View;
namespace fs = std::filesystem;

namespace {

/// A view over a bucket in a folder of its own.
class Bench final
{
public:
    Bench()
    {
        state = fs::path(m_folder.path().toStdString()) / "state";
        config::Binding binding{config::Kind::R2Bucket, "FILES", {}};
        binding.set("bucket_name", "files");
        for (DataResource &one : session::dataResources({}, {binding}, m_folder.path().toStdString(), state)) {
            if (one.kind == DataResource::Kind::R2)
                resource = std::move(one);
        }
    }
    ~Bench() { view.reset(); }

    void put(const std::string &key, const std::string &bytes = "value", const std::string &http = "{}", const std::string &custom = "{}") const
    {
        if (const auto done = ObjectEditor(state, "files").put(key, bytes, http, custom, ObjectEditor::Existing::Replace); !done)
            qFatal("%s", done.error().message.c_str());
    }
    std::optional<bindings::r2::Object> object(const std::string &key) const
    {
        const auto found = data::r2::ObjectList(state, "files").object(key);
        return found ? *found : std::nullopt;
    }
    std::string read(const std::string &key) const
    {
        const auto bytes = data::r2::ObjectList(state, "files").read(key, 0, 1 << 20);
        return bytes ? *bytes : "<" + bytes.error().code + ">";
    }
    std::uint64_t objects() const { return data::r2::ObjectList(state, "files").totals({})->objects; }
    fs::path path(const std::string &name) const { return fs::path(m_folder.path().toStdString()) / name; }

    void open()
    {
        view = std::make_unique<R2View>(resource);
        view->resize(980, 560);
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        table = view->findChild<ui::RowView *>();
        view->activateWindow();
    }
    QStringList names() const
    {
        QStringList all;
        const QAbstractItemModel &model = *table->model();
        for (int row = 0; row < model.rowCount(); ++row)
            all << model.index(row, FolderModel::Name).data().toString();
        return all;
    }
    void choose(const QString &name, Qt::KeyboardModifiers modifiers = {}) const
    {
        view->activateWindow(); // the dialog before may have been the active one
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
        table->setFocus();
        const int row = static_cast<int>(names().indexOf(name));
        QVERIFY2(row >= 0, qPrintable(names().join(u'|')));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, modifiers, table->visualRect(table->model()->index(row, 0)).center());
    }
    QPushButton *button(const QString &text) const
    {
        for (QPushButton *one : view->findChildren<QPushButton *>()) {
            if (one->isVisible() && one->text().remove(u'&') == text)
                return one;
        }
        return nullptr;
    }
    bool shows(const QString &words) const
    {
        for (const QLabel *label : view->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    }
    QDialog *dialog() const
    {
        QDialog *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (QDialog *one : view->findChildren<QDialog *>()) {
                if (one->isVisible())
                    found = one;
            }
            return found != nullptr;
        }, 30'000);
        return found && QTest::qWaitForWindowActive(found) ? found : nullptr;
    }
    ui::ObjectDetail *detail() const { return view->findChild<ui::ObjectDetail *>(); }
    ui::ProgressStrip *strip() const { return view->findChild<ui::ProgressStrip *>(); }
    void drop(const QList<QUrl> &urls) const
    {
        QMimeData data;
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view.get(), &event);
    }

    fs::path state;
    DataResource resource;
    std::unique_ptr<R2View> view;
    ui::RowView *table = nullptr;

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestR2View final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"Cleat"_s);
        QCoreApplication::setApplicationName(u"Cleat"_s);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        ui::setupTheme(*qApp);
    }
    void init() { QSettings().clear(); }

    void foldersOpenAndClose();
    void hostileKeys();
    void previewsAndMetadata();
    void metadataAreWritten();
    void textIsEdited();
    void uploadsWhatIsDropped();
    void keepsWhatIsThereAndReplacesOnDemand();
    void tenThousandFilesDoNotStall();
    void renamesMovesAndDeletes();
    void liveWritesAreMarked();
    void aMissingValueIsTold();
    void emptyBucketSaysWhatToDo();
    void draggedObjectsBecomeFiles();
    void filterAndBelow();
    void allThatIsSelectedIsMeant();
    void itemsFarDownAreFound();
    void folderIsDeletedKnowingly();
    void editedMetadataAreNotLost();
    void metadataThatAreRefusedStayInTheFields();
    void copiesKeys();
    void opensInAnotherProgram();

public Q_SLOTS:
    void openFile(const QUrl &url) { m_opened << url.toLocalFile(); }

private:
    QStringList m_opened;
};

void TestR2View::foldersOpenAndClose()
{
    Bench bench;
    for (const char *key : {"a.txt", "photos/2024/one.jpg", "photos/2024/two.jpg", "photos/cat.jpg", "zz/"})
        bench.put(key);
    bench.open();
    const QAbstractItemModelTester tester(bench.table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(bench.names(), (QStringList{u"photos/"_s, u"zz/"_s, u"a.txt"_s}));
    bench.choose(u"photos/"_s);
    QTest::keyClick(bench.table, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), (QStringList{u"2024/"_s, u"cat.jpg"_s}));
    bench.choose(u"2024/"_s); // Qt Test's double click lacks the press before it
    QTest::mouseDClick(bench.table->viewport(), Qt::LeftButton, {}, bench.table->visualRect(bench.table->model()->index(0, 0)).center());
    QTRY_COMPARE(bench.names(), (QStringList{u"one.jpg"_s, u"two.jpg"_s}));
    QTest::keyClick(bench.table, Qt::Key_Backspace);
    QTRY_COMPARE(bench.names(), (QStringList{u"2024/"_s, u"cat.jpg"_s}));
    // By the buttons of the path, and typed.
    auto *bar = bench.view->findChild<ui::FolderBar *>();
    for (QToolButton *crumb : bar->findChildren<QToolButton *>()) {
        if (crumb->isVisible() && crumb->text().startsWith(u"files"_s)) {
            QTest::mouseClick(crumb, Qt::LeftButton);
            break;
        }
    }
    QTRY_COMPARE(bench.names().size(), 3);
    QTest::keyClick(bench.table, Qt::Key_L, Qt::ControlModifier);
    auto *line = bar->findChild<QLineEdit *>();
    QTRY_VERIFY(line->isVisible());
    QTest::keyClicks(line, u"photos/2024"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), (QStringList{u"one.jpg"_s, u"two.jpg"_s}));
}

void TestR2View::hostileKeys()
{
    Bench bench;
    const std::vector<std::string> keys{"line\nbreak", "<b>bold", "../../up", "//double", "back\\slash", "a b", "\xf0\x9f\x98\x80", "tab\there"};
    for (const std::string &key : keys)
        bench.put(key, "value of " + key);
    bench.open();
    QTRY_COMPARE(bench.names().size(), 8); // ../ and / are folders
    QVERIFY(bench.names().contains(u"../"_s));
    QVERIFY(bench.names().contains(u"/"_s));
    bench.choose(u"<b>bold"_s);
    QTRY_VERIFY(bench.detail()->object() && bench.detail()->object()->key == "<b>bold");
    bench.choose(u"/"_s);
    QTest::keyClick(bench.table, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), QStringList{u"/"_s});
    QTest::keyClick(bench.table, Qt::Key_Home);
    QTest::keyClick(bench.table, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), QStringList{u"double"_s});
}

void TestR2View::previewsAndMetadata()
{
    Bench bench;
    bench.put("note.json", "{\"a\":[1,2]}", R"({"contentType":"application/json","cacheControl":"no-store","cacheExpiry":1800000000123})", R"({"who":"me"})");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.choose(u"note.json"_s);
    auto *value = bench.view->findChild<ui::ValueView *>();
    QTRY_VERIFY(value->value() && *value->value() == "{\"a\":[1,2]}");
    QCOMPARE(value->form(), ui::ValueForm::Json);
    QCOMPARE(bench.detail()->object()->size, 11);
    QVERIFY(!bench.view->isEdited());
    // What the fields say is what is stored, to the millisecond.
    QVERIFY(nlohmann::json::parse(bench.detail()->httpMetadata()) == nlohmann::json::parse(bench.detail()->object()->httpMetadata));
    QCOMPARE(bench.detail()->customMetadata(), R"({"who":"me"})");
}

void TestR2View::metadataAreWritten()
{
    Bench bench;
    bench.put("note.txt", "text", R"({"contentType":"text/plain"})", R"({"who":"me"})");
    const auto before = bench.object("note.txt");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.choose(u"note.txt"_s);
    QTRY_VERIFY(bench.detail()->object());
    bench.detail()->findChild<QTabWidget *>()->setCurrentIndex(1);
    auto *type = bench.detail()->findChild<QComboBox *>();
    type->setFocus();
    type->lineEdit()->selectAll();
    QTest::keyClicks(type->lineEdit(), u"text/markdown"_s);
    QTRY_VERIFY(bench.view->isEdited());
    // Metadata that are being edited survive that the object is looked at anew.
    bench.put("other.txt");
    bench.view->poll();
    QTRY_COMPARE(bench.names().size(), 2);
    QVERIFY(bench.view->isEdited());
    QTRY_VERIFY(bench.button(u"Save"_s));
    QTest::mouseClick(bench.button(u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(bench.object("note.txt")->httpMetadata.find("text/markdown") != std::string::npos);
    QCOMPARE(bench.object("note.txt")->etag, before->etag);
    QCOMPARE(bench.object("note.txt")->customMetadata, before->customMetadata);
    QCOMPARE(bench.read("note.txt"), "text");
    QTRY_VERIFY(!bench.view->isEdited());
}

void TestR2View::textIsEdited()
{
    Bench bench;
    bench.put("note.txt", "one\r\ntwo\r\n", R"({"contentType":"text/plain"})", R"({"who":"me"})");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.choose(u"note.txt"_s);
    QTRY_VERIFY(bench.button(u"Edit…"_s));
    QTest::mouseClick(bench.button(u"Edit…"_s), Qt::LeftButton);
    QDialog *dialog = bench.dialog();
    QVERIFY(dialog);
    auto *edit = dialog->findChild<QPlainTextEdit *>();
    edit->moveCursor(QTextCursor::End);
    QTest::keyClicks(edit, u"three"_s);
    QTest::mouseClick(bench.button(u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.read("note.txt"), "one\r\ntwo\r\nthree");
    QCOMPARE(bench.object("note.txt")->customMetadata, R"({"who":"me"})");
    QVERIFY(bench.object("note.txt")->httpMetadata.find("text/plain") != std::string::npos);
}

void TestR2View::uploadsWhatIsDropped()
{
    Bench bench;
    fs::create_directories(bench.path("in/sub"));
    std::ofstream(bench.path("in/index.html")) << "<p>";
    std::ofstream(bench.path("in/sub/a.json")) << "{}";
    std::ofstream(bench.path("lone.txt")) << "lone";
    bench.put("photos/x");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.choose(u"photos/"_s);
    QTest::keyClick(bench.table, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), QStringList{u"x"_s});
    bench.drop({QUrl::fromLocalFile(ui::fromPath(bench.path("in"))), QUrl::fromLocalFile(ui::fromPath(bench.path("lone.txt")))});
    QTRY_COMPARE(bench.names(), (QStringList{u"in/"_s, u"lone.txt"_s, u"x"_s}));
    QCOMPARE(bench.read("photos/in/sub/a.json"), "{}");
    QVERIFY(bench.object("photos/in/index.html")->httpMetadata.find("text/html") != std::string::npos);
    QTRY_VERIFY(bench.shows(u"3 uploaded"_s));
}

void TestR2View::keepsWhatIsThereAndReplacesOnDemand()
{
    Bench bench;
    bench.put("a.txt", "old");
    std::ofstream(bench.path("a.txt")) << "new";
    std::ofstream(bench.path("b.txt")) << "b";
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.drop({QUrl::fromLocalFile(ui::fromPath(bench.path("a.txt"))), QUrl::fromLocalFile(ui::fromPath(bench.path("b.txt")))});
    QTRY_VERIFY(bench.button(u"Replace"_s));
    QCOMPARE(bench.read("a.txt"), "old");
    QCOMPARE(bench.read("b.txt"), "b");
    QTest::mouseClick(bench.button(u"Replace"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.read("a.txt"), "new");
}

void TestR2View::tenThousandFilesDoNotStall()
{
    Bench bench;
    constexpr int many = 10'000;
    fs::create_directories(bench.path("many"));
    for (int i = 0; i < many; ++i)
        std::ofstream(bench.path("many/file-" + std::to_string(i) + ".txt")) << i;
    bench.open();
    QTRY_VERIFY(bench.table->model());
    bench.drop({QUrl::fromLocalFile(ui::fromPath(bench.path("many")))});
    qint64 longest = 0;
    QElapsedTimer total;
    total.start();
    while (bench.strip()->isRunning() && bench.objects() < many / 10 && total.elapsed() < 60'000) {
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents();
        longest = std::max(longest, turn.elapsed());
    }
    const std::uint64_t before = bench.objects();
    QVERIFY(before >= many / 10);
    QVERIFY(bench.strip()->isVisible());
    // Cancelled in the middle: what is up stays, and nothing is torn.
    QTest::mouseClick(bench.button(u"Cancel"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!bench.strip()->isRunning(), 30'000);
    const std::uint64_t after = bench.objects();
    qInfo("%llu of %d files in %lld ms until cancelled, longest turn of the window %lld ms", static_cast<unsigned long long>(after), many,
        static_cast<long long>(total.elapsed()), static_cast<long long>(longest));
    QVERIFY(after >= before);
    data::r2::FolderFilter all;
    all.depth = data::r2::FolderFilter::Depth::Below;
    const auto rows = data::r2::ObjectList(bench.state, "files").rows(all, 0, 100);
    QVERIFY(rows && rows->size() == 100);
    for (const data::r2::FolderRow &row : *rows)
        QCOMPARE("many/file-" + bench.read(row.key) + ".txt", row.key);
}

void TestR2View::renamesMovesAndDeletes()
{
    Bench bench;
    for (const char *key : {"a.txt", "b.txt", "folder/x", "folder/y"})
        bench.put(key, key);
    bench.open();
    QTRY_COMPARE(bench.names().size(), 3);
    bench.choose(u"a.txt"_s);
    QTest::keyClick(bench.table, Qt::Key_F2);
    QDialog *dialog = bench.dialog();
    QVERIFY(dialog);
    auto *line = dialog->findChild<QLineEdit *>();
    QCOMPARE(line->selectedText(), u"a"_s);
    QTest::keyClicks(line, u"c"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), (QStringList{u"folder/"_s, u"b.txt"_s, u"c.txt"_s}));
    QCOMPARE(bench.read("c.txt"), "a.txt");

    bench.choose(u"folder/"_s);
    QTest::keyClick(bench.table, Qt::Key_F2);
    dialog = bench.dialog();
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"other"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_COMPARE(bench.names().value(0), u"other/"_s);
    QCOMPARE(bench.read("other/y"), "folder/y");

    bench.choose(u"b.txt"_s); // a name that is taken is not taken again
    QTest::keyClick(bench.table, Qt::Key_F2);
    dialog = bench.dialog();
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"c"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(bench.shows(u"is there already"_s));
    QCOMPARE(bench.read("c.txt"), "a.txt");
    QCOMPARE(bench.read("b.txt"), "b.txt");

    bench.choose(u"other/"_s);
    bench.choose(u"c.txt"_s, Qt::ControlModifier);
    QTest::keyClick(bench.table, Qt::Key_Delete);
    dialog = bench.dialog();
    QVERIFY(dialog);
    QTRY_VERIFY(bench.shows(u"Delete 3 objects?"_s));
    QTest::mouseClick(bench.button(u"Delete"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.names(), QStringList{u"b.txt"_s});
    QCOMPARE(bench.objects(), 1U);
}

void TestR2View::liveWritesAreMarked()
{
    Bench bench;
    bench.put("a.txt");
    bench.put("c.txt");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 2);
    bench.view->poll();
    QTest::qWait(50);
    bench.put("b.txt");
    bench.view->poll();
    QTRY_COMPARE(bench.names(), (QStringList{u"a.txt"_s, u"b.txt"_s, u"c.txt"_s}));
    const QAbstractItemModel &model = *bench.table->model();
    QTRY_VERIFY(model.index(1, 0).data(Qt::BackgroundRole).isValid());
    QVERIFY(!model.index(0, 0).data(Qt::BackgroundRole).isValid());
}

void TestR2View::aMissingValueIsTold()
{
    Bench bench;
    bench.put("a.txt", "text");
    for (const auto &entry : fs::directory_iterator(bench.resource.values)) {
        if (entry.is_regular_file())
            fs::remove(entry.path());
    }
    bench.open();
    QTRY_COMPARE(bench.names(), QStringList{u"a.txt"_s});
    bench.choose(u"a.txt"_s);
    QTRY_VERIFY(bench.detail()->object());
    QVERIFY(!bench.detail()->bytes());
    QVERIFY(bench.object("a.txt"));
}

void TestR2View::emptyBucketSaysWhatToDo()
{
    Bench bench;
    bench.view = std::make_unique<R2View>(bench.resource);
    QSignalSpy summary(bench.view.get(), &ui::DataView::summaryChanged);
    QTRY_VERIFY(!summary.isEmpty());
    QCOMPARE(summary.last().at(0).toString(), u"0 entries here"_s);
    QVERIFY(!fs::exists(bench.resource.file)); // looking makes nothing
}

void TestR2View::draggedObjectsBecomeFiles()
{
    Bench bench;
    bench.put("photos/one.txt", "1");
    bench.put("photos/../two.txt", "2");
    bench.open();
    QTRY_COMPARE(bench.names(), QStringList{u"photos/"_s});
    QTest::keyClick(bench.table, Qt::Key_L, Qt::ControlModifier);
    auto *line = bench.view->findChild<ui::FolderBar *>()->findChild<QLineEdit *>();
    QTRY_VERIFY(line->isVisible());
    QTest::keyClicks(line, u"photos/"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), (QStringList{u"../"_s, u"one.txt"_s}));
    bench.choose(u"one.txt"_s);
    const std::unique_ptr<QMimeData> dragged(bench.table->model()->mimeData({bench.table->currentIndex()}));
    QVERIFY(dragged);
    const QList<QUrl> urls = dragged->urls();
    QCOMPARE(urls.size(), 1);
    QFile file(urls[0].toLocalFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("1"));
    QCOMPARE(QFileInfo(file).fileName(), u"one.txt"_s);
}

void TestR2View::filterAndBelow()
{
    Bench bench;
    for (const char *key : {"cat.jpg", "dog.jpg", "photos/Cat.png", "photos/deep/cat.gif"})
        bench.put(key);
    bench.open();
    QTRY_COMPARE(bench.names().size(), 3);
    QTest::keyClick(bench.table, Qt::Key_F, Qt::ControlModifier);
    auto *filter = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(filter);
    QTest::keyClicks(filter, u"cat"_s);
    QTRY_COMPARE(bench.names(), QStringList{u"cat.jpg"_s});
    for (QToolButton *button : bench.view->findChildren<QToolButton *>()) {
        if (button->isCheckable())
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(bench.names(), (QStringList{u"cat.jpg"_s, u"photos/Cat.png"_s, u"photos/deep/cat.gif"_s}));
    bench.choose(u"photos/deep/cat.gif"_s);
    QTRY_VERIFY(bench.detail()->object());
    QCOMPARE(bench.detail()->object()->key, "photos/deep/cat.gif");
}

/// Also what was never in sight, and so was never fetched.
void TestR2View::allThatIsSelectedIsMeant()
{
    Bench bench;
    for (int i = 0; i < 700; ++i)
        bench.put("key" + std::to_string(1000 + i), "v");
    bench.put("zz/last");
    bench.open();
    QTRY_COMPARE(bench.table->model()->rowCount(), 701);
    bench.choose(u"zz/"_s);
    QTest::keyClick(bench.table, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(bench.table, Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 700);
    QTest::keyClick(bench.table, Qt::Key_Delete);
    QVERIFY(bench.dialog());
    QTRY_VERIFY(bench.shows(u"Delete 701 objects?"_s));
    QTest::mouseClick(bench.button(u"Delete"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.table->model()->rowCount(), 0);
    QCOMPARE(bench.objects(), 0U);
}

void TestR2View::itemsFarDownAreFound()
{
    Bench bench;
    for (int i = 0; i < 700; ++i)
        bench.put("deep/key" + std::to_string(1000 + i), "v");
    bench.put("deep/a-folder/x");
    bench.put("deep/z-folder/x");
    bench.open();
    QTRY_COMPARE(bench.names(), QStringList{u"deep/"_s});
    bench.view->showItem(u"deep/key1655"_s);
    QTRY_VERIFY(bench.detail()->object() && bench.detail()->object()->key == "deep/key1655");
    QCOMPARE(bench.table->currentIndex().row(), 657);
    QVERIFY(bench.table->visualRect(bench.table->currentIndex()).intersects(bench.table->viewport()->rect()));
    bench.view->showItem(u"deep/key1000"_s);
    QTRY_COMPARE(bench.table->currentIndex().row(), 2);
    bench.view->showItem(u"deep/none"_s); // what is not there is not chosen
    QTRY_COMPARE(bench.table->model()->rowCount(), 702);
    bench.view->showItem(u"deep/z-folder/"_s);
    QTRY_COMPARE(bench.names(), QStringList{u"x"_s});
}

/// The object that bears a folder's name stands for the folder: whoever deletes it is told.
void TestR2View::folderIsDeletedKnowingly()
{
    Bench bench;
    for (const char *key : {"zz/", "zz/one", "zz/two"})
        bench.put(key);
    bench.open();
    QTRY_COMPARE(bench.names(), QStringList{u"zz/"_s});
    QTest::keyClick(bench.table, Qt::Key_Home);
    QTest::keyClick(bench.table, Qt::Key_Return);
    QTRY_COMPARE(bench.names(), (QStringList{u"(the folder itself)"_s, u"one"_s, u"two"_s}));
    bench.choose(u"(the folder itself)"_s);
    QTest::keyClick(bench.table, Qt::Key_Delete);
    QVERIFY(bench.dialog());
    QTRY_VERIFY(bench.shows(u"Delete the folder “zz/”, with all 3 objects in it?"_s));
    QTest::mouseClick(bench.button(u"Cancel"_s), Qt::LeftButton);
    QTRY_VERIFY(!bench.strip()->isRunning());
    QCOMPARE(bench.objects(), 3U);
}

void TestR2View::editedMetadataAreNotLost()
{
    Bench bench;
    bench.put("a.txt", "a", R"({"contentType":"text/plain"})");
    bench.put("b.txt", "b", R"({"contentType":"text/plain"})");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 2);
    const auto edit = [&](const QString &type) {
        bench.choose(u"a.txt"_s);
        QTRY_VERIFY(bench.detail()->object() && bench.detail()->object()->key == "a.txt");
        auto *box = bench.detail()->findChild<QComboBox *>();
        bench.detail()->findChild<QTabWidget *>()->setCurrentIndex(1);
        box->lineEdit()->selectAll();
        QTest::keyClicks(box->lineEdit(), type);
        QTRY_VERIFY(bench.view->isEdited());
        bench.choose(u"b.txt"_s);
        QTRY_VERIFY(bench.button(u"Give them up"_s));
        QCOMPARE(bench.detail()->object()->key, "a.txt");
        QVERIFY(bench.view->isEdited());
    };
    edit(u"text/x-one"_s);
    QTest::mouseClick(bench.button(u"Give them up"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.detail()->object()->key, "b.txt");
    QVERIFY(bench.object("a.txt")->httpMetadata.find("text/plain") != std::string::npos);
    edit(u"text/x-two"_s);
    QTest::mouseClick(bench.button(u"Save them"_s), Qt::LeftButton);
    QTRY_COMPARE(bench.detail()->object()->key, "b.txt"); // what was chosen meanwhile
    QVERIFY(bench.object("a.txt")->httpMetadata.find("text/x-two") != std::string::npos);
    QVERIFY(!bench.view->isEdited());
}

void TestR2View::metadataThatAreRefusedStayInTheFields()
{
    Bench bench;
    bench.put("a.txt", "a", "{}", R"({"who":"me"})");
    bench.open();
    QTRY_COMPARE(bench.names().size(), 1);
    bench.choose(u"a.txt"_s);
    QTRY_VERIFY(bench.detail()->object());
    bench.detail()->findChild<QTabWidget *>()->setCurrentIndex(1);
    for (QTableWidget *table : bench.detail()->findChildren<QTableWidget *>()) {
        if (table->accessibleName() == u"Custom metadata"_s)
            table->item(0, 1)->setText(QString(9000, u'x'));
    }
    QTRY_VERIFY(bench.button(u"Save"_s)->isEnabled());
    QTest::mouseClick(bench.button(u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(!bench.strip()->isRunning());
    QVERIFY(bench.view->isEdited());
    QVERIFY(bench.detail()->customMetadata().size() > 9000);
    QCOMPARE(bench.object("a.txt")->customMetadata, R"({"who":"me"})");
}

void TestR2View::copiesKeys()
{
    Bench bench;
    const std::string key = "a b/\xc3\xa4\"?\n.txt";
    bench.put(key);
    bench.open();
    QTRY_COMPARE(bench.names(), QStringList{u"a b/"_s});
    bench.view->showItem(ui::fromUtf8(key));
    QTRY_VERIFY(bench.detail()->object());
    const auto trigger = [&](const QString &text) {
        for (QAction *action : bench.view->findChildren<QAction *>()) {
            if (action->text() == text)
                action->trigger();
        }
        return QGuiApplication::clipboard()->text();
    };
    QTest::keyClick(bench.table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), ui::fromUtf8(key));
    QCOMPARE(trigger(u"Copy the key, encoded for a URL"_s), u"a%20b/%C3%A4%22%3F%0A.txt"_s);
    QCOMPARE(trigger(u"Copy as code"_s), u"await env.FILES.get(\"a b/ä\\\"?\\n.txt\")"_s);
}

void TestR2View::opensInAnotherProgram()
{
    QDesktopServices::setUrlHandler(u"file"_s, this, "openFile");
    Bench bench;
    bench.put("photos/one.txt", "one");
    bench.open();
    bench.view->showItem(u"photos/one.txt"_s);
    QTRY_VERIFY(bench.detail()->object());
    QTest::keyClick(bench.table, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(m_opened.size(), 1);
    QDesktopServices::unsetUrlHandler(u"file"_s);
    QFile file(m_opened.first());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("one"));
    QCOMPARE(QFileInfo(file).fileName(), u"one.txt"_s);
    const QString path = file.fileName();
    bench.view.reset();
    QVERIFY(!QFile::exists(path)); // the copy goes with the view
}

QTEST_MAIN(TestR2View)
#include "t_r2view.moc"
