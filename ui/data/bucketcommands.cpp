// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/bucketcommands.h"

#include "core/base/json.h"
#include "ui/data/questions.h"
#include "ui/widgets/text.h"

#include <nlohmann/json.hpp>

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QLocale>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::r2::FolderRow;
using data::r2::ObjectEditor;
using data::r2::Transferred;

namespace {

constexpr std::uint64_t maxDraggedBytes = 256ULL << 20; ///< written while the mouse waits
constexpr qsizetype maxDraggedRows = 200;

bool isFolder(const std::string &key)
{
    return key.ends_with('/');
}

/// "cat.jpg" of "photos/cat.jpg", "photos/" of "a/photos/".
std::string nameIn(const std::string &key)
{
    const std::size_t slash = key.rfind('/', key.size() < 2 ? std::string::npos : key.size() - 2);
    return slash == std::string::npos ? key : key.substr(slash + 1);
}

std::string folderOf(const std::string &key)
{
    return key.substr(0, key.size() - nameIn(key).size());
}

QString keyTrouble(const QString &text)
{
    if (text.isEmpty())
        return BucketCommands::tr("A key cannot be empty here.");
    if (toUtf8(text).size() > bindings::r2::maxKeyBytes)
        return BucketCommands::tr("A key has at most %L1 bytes.").arg(bindings::r2::maxKeyBytes);
    return {};
}

/// Files that come into being when somebody asks for them.
class LazyFiles final : public QMimeData
{
public:
    explicit LazyFiles(std::function<QList<QUrl>()> make) : m_make(std::move(make)) {}
    QStringList formats() const override { return {u"text/uri-list"_s}; }
    bool hasFormat(const QString &type) const override { return type == "text/uri-list"_L1; }

protected:
    QVariant retrieveData(const QString &type, QMetaType preferred) const override
    {
        if (type != "text/uri-list"_L1)
            return {};
        if (!m_urls)
            m_urls = m_make();
        if (preferred.id() == QMetaType::QByteArray) {
            QByteArray list;
            for (const QUrl &url : *m_urls)
                list += url.toEncoded() + "\r\n";
            return list;
        }
        QVariantList list;
        for (const QUrl &url : *m_urls)
            list << url;
        return list;
    }

private:
    std::function<QList<QUrl>()> m_make;
    mutable std::optional<QList<QUrl>> m_urls;
};

} // namespace

BucketCommands::BucketCommands(session::DataResource resource, ProgressStrip &strip, QWidget *view)
    : QObject(view), m_resource(std::move(resource)), m_strip(strip), m_view(view)
{
}

BucketCommands::~BucketCommands() = default;

template <typename Result, typename Work, typename Done>
void BucketCommands::run(const QString &title, ProgressStrip::Unit unit, Work work, Done done)
{
    const bool begun = m_strip.run(title, unit, std::move(work), [this, done = std::move(done)](base::Result<Result> &&result) {
        if (!result && result.error().code == "data.cancelled")
            Q_EMIT told(tr("Cancelled. What was done before stays."));
        else if (!result)
            Q_EMIT failed(formatError(result.error()));
        else
            done(std::move(*result));
        if (!result)
            Q_EMIT changed({});
    });
    if (!begun)
        Q_EMIT told(tr("Something else is still under way. Wait for its end, or cancel it."));
}

// ---- in and out

void BucketCommands::upload(const std::vector<std::filesystem::path> &sources, const std::string &folder)
{
    if (!sources.empty())
        upload(sources, folder, Existing::Keep);
}

void BucketCommands::upload(const std::vector<std::filesystem::path> &sources, const std::string &folder, Existing existing)
{
    run<Transferred>(
        tr("Uploading"), ProgressStrip::Unit::Bytes,
        [resource = m_resource, sources, folder, existing](const data::Control &control) {
            return data::r2::upload(resource.state, resource.id, sources, folder, existing, control);
        },
        [this, sources, folder, existing](Transferred &&done) {
            Q_EMIT changed({});
            const QString what = tr("%L1 uploaded, %2.").arg(done.files).arg(formatBytes(done.bytes));
            if (done.skipped.empty()) {
                Q_EMIT told(what);
                return;
            }
            const QString left = tr("%1 %L2 were left out, “%3” first.").arg(what).arg(done.skipped.size()).arg(oneLine(fromUtf8(done.skipped.front()), 80));
            if (existing == Existing::Keep)
                Q_EMIT kept(tr("%1 What was there already was not touched.").arg(left), [this, sources, folder] { upload(sources, folder, Existing::Replace); });
            else
                Q_EMIT told(left);
        });
}

void BucketCommands::chooseFiles(const std::string &folder)
{
    auto *dialog = new QFileDialog(m_view, tr("Upload files"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::filesSelected, this, [this, folder](const QStringList &names) {
        std::vector<std::filesystem::path> paths;
        for (const QString &name : names)
            paths.push_back(toPath(name));
        upload(paths, folder);
    });
    dialog->open();
}

void BucketCommands::chooseFolder(const std::string &folder)
{
    auto *dialog = new QFileDialog(m_view, tr("Upload a folder with all in it"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, folder](const QString &name) { upload({toPath(name)}, folder); });
    dialog->open();
}

void BucketCommands::download(const std::vector<std::string> &keys, const std::string &folder)
{
    if (keys.empty())
        return;
    auto *dialog = new QFileDialog(m_view, tr("Download into this folder"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, keys, folder](const QString &name) {
        const std::filesystem::path target = toPath(name);
        run<Transferred>(
            tr("Downloading"), ProgressStrip::Unit::Bytes,
            [resource = m_resource, keys, folder, target](const data::Control &control) {
                return data::r2::download(resource.state, resource.id, keys, folder, target, Existing::Keep, control);
            },
            [this, name](Transferred &&done) {
                QString sentence = tr("%L1 downloaded to %2, %3.").arg(done.files).arg(name, formatBytes(done.bytes));
                if (!done.skipped.empty())
                    sentence += u' ' + tr("%L1 were there already and were left, “%2” first.").arg(done.skipped.size()).arg(oneLine(fromUtf8(done.skipped.front()), 80));
                Q_EMIT told(sentence);
            });
    });
    dialog->open();
}

void BucketCommands::openOutside(const std::string &key, const std::string &folder)
{
    if (isFolder(key)) {
        Q_EMIT told(tr("A folder is no file that another program could open. Download it first."));
        return;
    }
    auto place = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/cleat-objects-XXXXXX"_s);
    if (!place->isValid()) {
        Q_EMIT failed(tr("A copy for the other program cannot be made: %1.").arg(place->errorString()));
        return;
    }
    const QString path = place->path();
    m_copies.push_back(std::move(place));
    run<Transferred>(
        tr("Opening"), ProgressStrip::Unit::Bytes,
        [resource = m_resource, key, folder, target = toPath(path)](const data::Control &control) {
            return data::r2::download(resource.state, resource.id, std::vector<std::string>{key}, folder, target, Existing::Keep, control);
        },
        [this, path](Transferred &&) {
            const QFileInfoList files = QDir(path).entryInfoList(QDir::Files | QDir::Hidden);
            if (files.isEmpty())
                Q_EMIT failed(tr("The object is gone."));
            else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(files.front().absoluteFilePath())))
                Q_EMIT failed(tr("No program is known that opens “%1”. Download the object, and open the file by hand.").arg(oneLine(files.front().fileName(), 80)));
            else
                Q_EMIT told(tr("A copy is opened. What is changed in it is not written back: upload the file for that."));
        });
}

QMimeData *BucketCommands::dragged(const std::vector<FolderRow> &rows, const std::string &folder)
{
    std::uint64_t bytes = 0;
    std::vector<std::string> keys;
    for (const FolderRow &row : rows) {
        if (row.kind == FolderRow::Kind::Folder) { // how much there is in it is not known here
            Q_EMIT told(tr("Folders are downloaded with the Download button; objects can be dragged out."));
            return nullptr;
        }
        bytes += row.size;
        keys.push_back(row.key);
    }
    if (keys.empty())
        return nullptr;
    if (bytes > maxDraggedBytes || static_cast<qsizetype>(keys.size()) > maxDraggedRows) {
        Q_EMIT told(tr("This is too much to be dragged: use the Download button."));
        return nullptr;
    }
    return new LazyFiles([this, keys, folder] {
        QList<QUrl> urls;
        auto place = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/cleat-objects-XXXXXX"_s);
        if (!place->isValid())
            return urls;
        const std::filesystem::path target = toPath(place->path());
        const auto done = data::r2::download(m_resource.state, m_resource.id, keys, folder, target, Existing::Keep, {});
        if (!done) {
            Q_EMIT failed(formatError(done.error()));
            return urls;
        }
        for (const QFileInfo &entry : QDir(place->path()).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden))
            urls << QUrl::fromLocalFile(entry.absoluteFilePath());
        m_copies.push_back(std::move(place));
        return urls;
    });
}

// ---- changes

void BucketCommands::remove(const std::vector<std::string> &keys)
{
    if (keys.empty())
        return;
    // How many there are in folders is found out before it is asked.
    run<data::r2::ObjectList::Totals>(
        tr("Counting"), ProgressStrip::Unit::Count,
        [resource = m_resource, keys](const data::Control &control) -> base::Result<data::r2::ObjectList::Totals> {
            data::r2::ObjectList list(resource.state, resource.id);
            data::r2::ObjectList::Totals all;
            for (const std::string &key : keys) {
                if (!isFolder(key)) {
                    ++all.objects;
                    continue;
                }
                const auto some = list.totals(key, control.stop);
                if (!some)
                    return std::unexpected(some.error());
                all.objects += some->objects;
                all.bytes += some->bytes;
            }
            return all;
        },
        [this, keys](data::r2::ObjectList::Totals &&all) {
            QString question = all.objects == 1 ? tr("Delete 1 object?") : tr("Delete %L1 objects?").arg(all.objects);
            if (keys.size() == 1) {
                const QString key = oneLine(fromUtf8(keys.front()), 120);
                if (!isFolder(keys.front()))
                    question = tr("Delete “%1”?").arg(key);
                else
                    question = all.objects == 1 ? tr("Delete the folder “%1”, with the one object in it?").arg(key)
                                                : tr("Delete the folder “%1”, with all %L2 objects in it?").arg(key).arg(all.objects);
            }
            askFirst(m_view, question, tr("Delete"), [this, keys] {
                run<std::uint64_t>(
                    tr("Deleting"), ProgressStrip::Unit::Count,
                    [resource = m_resource, keys](const data::Control &control) { return ObjectEditor(resource.state, resource.id).remove(keys, control); },
                    [this](std::uint64_t count) {
                        Q_EMIT changed({});
                        Q_EMIT told(count == 1 ? tr("1 object deleted.") : tr("%L1 objects deleted.").arg(count));
                    });
            });
        });
}

void BucketCommands::rename(const std::string &key)
{
    TextQuestion question;
    const QString name = fromUtf8(nameIn(key));
    question.title = tr("Rename");
    question.label = isFolder(key) ? tr("New name of the folder “%1”:").arg(oneLine(name, 80)) : tr("New name of “%1”:").arg(oneLine(name, 80));
    question.text = isFolder(key) ? name.chopped(1) : name;
    const qsizetype dot = question.text.lastIndexOf(u'.');
    question.selectLength = dot > 0 && !isFolder(key) ? static_cast<int>(dot) : -1;
    question.doIt = tr("Rename");
    question.trouble = keyTrouble;
    askText(m_view, question, [this, key](const QString &text) {
        const std::string to = folderOf(key) + toUtf8(text) + (isFolder(key) ? "/" : "");
        if (to != key)
            transfer(Transfer::Move, {{key, to}}, Existing::Keep);
    });
}

void BucketCommands::moveTo(const std::vector<std::string> &keys, const std::string &folder)
{
    askWhere(Transfer::Move, keys, folder);
}

void BucketCommands::copyTo(const std::vector<std::string> &keys, const std::string &folder)
{
    askWhere(Transfer::Copy, keys, folder);
}

void BucketCommands::askWhere(Transfer how, const std::vector<std::string> &keys, const std::string &folder)
{
    if (keys.empty())
        return;
    const bool one = keys.size() == 1;
    TextQuestion question;
    question.title = how == Transfer::Move ? tr("Move") : tr("Copy");
    question.doIt = question.title;
    question.label = one ? tr("New key:") : tr("Into the folder (empty: the top of the bucket):");
    question.text = fromUtf8(one ? keys.front() : folder);
    if (one) {
        question.trouble = [key = fromUtf8(keys.front())](const QString &text) {
            return text == key ? tr("That is what it is called now.") : keyTrouble(text);
        };
    }
    askText(m_view, question, [this, how, keys, one](const QString &text) {
        std::vector<std::pair<std::string, std::string>> fromTo;
        std::string to = toUtf8(text);
        if (one) {
            if (isFolder(keys.front()) && !isFolder(to))
                to += '/';
            fromTo.emplace_back(keys.front(), to);
        } else {
            if (!to.empty() && !isFolder(to))
                to += '/';
            for (const std::string &key : keys)
                fromTo.emplace_back(key, to + nameIn(key));
        }
        transfer(how, fromTo, Existing::Keep);
    });
}

void BucketCommands::transfer(Transfer how, const std::vector<std::pair<std::string, std::string>> &fromTo, Existing existing)
{
    using Left = std::vector<std::pair<std::string, std::string>>;
    struct Outcome {
        std::uint64_t objects = 0;
        Left taken; ///< not done: the new key is taken
    };
    run<Outcome>(
        how == Transfer::Move ? tr("Moving") : tr("Copying"), ProgressStrip::Unit::Count,
        [resource = m_resource, how, fromTo, existing](const data::Control &control) -> base::Result<Outcome> {
            ObjectEditor editor(resource.state, resource.id);
            Outcome outcome;
            for (const auto &[from, to] : fromTo) {
                const auto done = how == Transfer::Move ? editor.move(from, to, existing, control) : editor.copy(from, to, existing, control);
                if (done)
                    outcome.objects += *done;
                else if (done.error().code == "data.exists")
                    outcome.taken.emplace_back(from, to);
                else
                    return std::unexpected(done.error());
            }
            return outcome;
        },
        [this, how, fromTo](Outcome &&outcome) {
            Q_EMIT changed(fromTo.size() == 1 ? fromTo.front().second : std::string());
            if (!outcome.taken.empty()) {
                Q_EMIT kept(tr("“%1” is there already, and was not touched.").arg(oneLine(fromUtf8(outcome.taken.front().second), 120)),
                    [this, how, taken = outcome.taken] { transfer(how, taken, Existing::Replace); });
                return;
            }
            const QString sentence = how == Transfer::Move ? tr("%L1 moved.") : tr("%L1 copied.");
            Q_EMIT told(sentence.arg(outcome.objects));
        });
}

void BucketCommands::create(const std::string &folder)
{
    TextQuestion question;
    question.title = tr("New text object");
    question.label = tr("Key:");
    question.text = fromUtf8(folder) + u"new.txt"_s;
    question.selectFrom = static_cast<int>(fromUtf8(folder).size());
    question.selectLength = 3;
    question.doIt = tr("Create");
    question.trouble = keyTrouble;
    askText(m_view, question, [this](const QString &text) {
        const std::string key = toUtf8(text);
        put(key, {}, base::Json{{"contentType", data::r2::contentTypeOf(key)}}.dump(), "{}", Existing::Keep);
    });
}

void BucketCommands::put(const std::string &key, const std::string &bytes, const std::string &http, const std::string &custom, Existing existing)
{
    run<bool>(
        tr("Writing"), ProgressStrip::Unit::Bytes,
        [resource = m_resource, key, bytes, http, custom, existing](const data::Control &) -> base::Result<bool> {
            const auto done = ObjectEditor(resource.state, resource.id).put(key, bytes, http, custom, existing);
            return done ? base::Result<bool>(true) : std::unexpected(done.error());
        },
        [this, key](bool) { Q_EMIT changed(key); });
}

void BucketCommands::describe(const std::string &key, const std::string &http, const std::string &custom)
{
    run<bool>(
        tr("Writing"), ProgressStrip::Unit::Bytes,
        [resource = m_resource, key, http, custom](const data::Control &) -> base::Result<bool> {
            const auto done = ObjectEditor(resource.state, resource.id).describe(key, http, custom);
            return done ? base::Result<bool>(true) : std::unexpected(done.error());
        },
        [this, key](bool) {
            Q_EMIT changed({}); // what is chosen by now stays so
            Q_EMIT told(tr("The metadata of “%1” are written.").arg(oneLine(fromUtf8(key), 120)));
        });
}

} // namespace cleat::ui
