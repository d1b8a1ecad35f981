// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/again/requestactions.h"

#include "core/data/content/decode.h"
#include "core/events/copyas.h"
#include "core/events/har.h"
#include "core/events/masking.h"
#include "core/session/recorder.h"
#include "core/session/savedrequests.h"
#include "core/session/session.h"
#include "ui/requests/again/composer.h"
#include "ui/requests/again/repeatdialog.h"
#include "ui/requests/detail/comparedialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QMenu>
#include <QSet>
#include <QWidget>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::RequestRecord;

namespace {

constexpr std::size_t mostReplays = 100; ///< with one click; "Repeat…" is for more
constexpr std::uint64_t rowsForPaths = 3'000;

} // namespace

RequestActions::RequestActions(session::Session &session, QWidget *parent) : QObject(parent), m_session(session), m_parent(parent)
{
    const auto add = [this](QLatin1StringView iconName, const QString &text, auto run) {
        auto *action = new QAction(icon(iconName), text, this);
        connect(action, &QAction::triggered, this, run);
        m_general += action;
    };
    const auto line = [this] {
        auto *separator = new QAction(this);
        separator->setSeparator(true);
        m_general += separator;
    };
    const QString har = tr("HTTP Archive (*.har)");
    const QString cleat = tr("Recorded requests (*.cleat)");
    add("plus"_L1, tr("&New request…"), [this] { newRequest(); });
    line();
    add("upload"_L1, tr("&Import HAR…"), [this, har] { chooseFile(false, tr("Import HAR"), har, {}, [this](const QString &path) { importHar(path); }); });
    add("download"_L1, tr("&Export all as HAR…"), [this] { chooseExport(m_session.recorder().recording(), {}); });
    line();
    add("folder-open"_L1, tr("&Open session…"), [this, cleat] { chooseFile(false, tr("Open session"), cleat, {}, [this](const QString &path) { openSession(path); }); });
    add("save"_L1, tr("&Save session…"), [this, cleat] { chooseFile(true, tr("Save session"), cleat, u"cleat"_s, [this](const QString &path) { saveSession(path); }); });
    add("undo-2"_L1, tr("Open the &last session"), [this] {
        if (const auto last = m_session.recorder().lastSession())
            openSession(fromPath(*last));
        else
            Q_EMIT failed(tr("There is no session from before: this is the first of this project, or its requests were cleared."));
    });
}

RequestActions::~RequestActions() = default;

session::SavedRequests &RequestActions::saved()
{
    if (!m_saved)
        m_saved = std::make_unique<session::SavedRequests>(m_session.config().folder());
    return *m_saved;
}

Composer &RequestActions::composer()
{
    if (!m_composer)
        m_composer = new Composer(m_session, saved(), m_parent);
    m_composer->setKnownPaths(knownPaths());
    m_composer->show();
    m_composer->raise();
    m_composer->activateWindow();
    return *m_composer;
}

/// Of the newest requests, each once.
QStringList RequestActions::knownPaths() const
{
    const auto recording = m_session.recorder().recording();
    const auto held = recording->held();
    QSet<QString> seen;
    for (auto at = held.end; at > held.first && held.end - at < rowsForPaths; --at) {
        if (const auto row = recording->row(at - 1); row && row->request.kind == events::RequestKind::Http)
            seen.insert(fromUtf8(row->request.target));
    }
    QStringList paths(seen.begin(), seen.end());
    paths.sort();
    return paths;
}

QList<QAction *> RequestActions::actionsFor(Recording recording, Sequences selected)
{
    m_selected = std::make_unique<QObject>();
    if (selected.empty())
        return {};
    QList<QAction *> actions;
    const bool one = selected.size() == 1;
    const auto add = [&](QLatin1StringView iconName, const QString &text, const QKeySequence &keys, auto run) {
        auto *action = new QAction(iconName.isEmpty() ? QIcon() : icon(iconName), text, m_selected.get());
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut); // shown; the pane has the keys
        connect(action, &QAction::triggered, this, run);
        actions += action;
        return action;
    };
    const auto line = [&] {
        auto *separator = new QAction(m_selected.get());
        separator->setSeparator(true);
        actions += separator;
    };
    add("rotate-cw"_L1, one ? tr("&Replay") : tr("&Replay %n requests", nullptr, static_cast<int>(selected.size())), Qt::Key_R,
        [this, recording, selected] { replay(recording, selected); });
    if (one) {
        add("pencil"_L1, tr("&Edit and resend…"), Qt::CTRL | Qt::Key_E, [this, recording, selected] { editAndResend(recording, selected.front()); });
        add({}, tr("Repea&t…"), {}, [this, recording, selected] { repeat(recording, selected.front()); });
    }
    if (selected.size() == 2)
        add({}, tr("Compare…"), {}, [this, recording, selected] { compare(recording, selected[0], selected[1]); });
    line();
    add("copy"_L1, tr("Copy as c&URL"), {}, [this, recording, selected] { copy(recording, selected, As::Curl); });
    add({}, tr("Copy as &fetch()"), {}, [this, recording, selected] { copy(recording, selected, As::Fetch); });
    add({}, tr("Copy as &wget"), {}, [this, recording, selected] { copy(recording, selected, As::Wget); });
    line();
    if (one) {
        add("save"_L1, tr("&Save as named request…"), {}, [this, recording, selected] {
            editAndResend(recording, selected.front());
            if (m_composer)
                m_composer->save();
        });
    }
    add("download"_L1, tr("Export as &HAR…"), {}, [this, recording, selected] { chooseExport(recording, selected); });
    return actions;
}

QList<QAction *> RequestActions::paneActions()
{
    auto *compose = new QAction(icon("plus"_L1), tr("New request"), this);
    compose->setToolTip(tr("Make a request and send it (Ctrl+N)"));
    compose->setShortcut(QKeySequence(u"Ctrl+N"_s));
    connect(compose, &QAction::triggered, this, &RequestActions::newRequest);
    m_more = std::make_unique<QMenu>();
    m_more->addActions(m_general);
    auto *more = new QAction(icon("ellipsis"_L1), tr("More"), this);
    more->setToolTip(tr("Import, export, sessions"));
    more->setMenu(m_more.get());
    return {compose, more};
}

void RequestActions::tell(const base::Error &error)
{
    Q_EMIT failed(formatError(error));
}

// ---- sending

void RequestActions::replay(const Recording &recording, const Sequences &selected)
{
    if (selected.size() > mostReplays) {
        Q_EMIT failed(tr("These are %L1 requests; %L2 at most are sent again at once.").arg(selected.size()).arg(mostReplays));
        return;
    }
    for (const auto sequence : selected) {
        const auto record = recording->record(sequence);
        if (!record)
            continue;
        const auto request = session::replayOf(*record);
        if (!request) {
            tell(request.error());
            continue;
        }
        auto *one = new session::Replay(*request, m_session.url(), this);
        connect(one, &session::Replay::finished, this, [this, one](const base::Result<session::ReplayAnswer> &answer) {
            one->deleteLater();
            if (!answer)
                tell(answer.error());
        });
        one->start();
    }
}

void RequestActions::editAndResend(const Recording &recording, events::Recording::Sequence sequence)
{
    auto record = recording->record(sequence);
    if (!record)
        return;
    auto request = session::replayOf(*record);
    QString note;
    if (!request && request.error().code == "replay.cut") {
        note = fromUtf8(request.error().message);
        record->request.requestBytes = 0;
        record->content.requestBody.clear();
        request = session::replayOf(*record);
    }
    if (!request) {
        tell(request.error());
        return;
    }
    composer().compose(*request, note);
}

void RequestActions::newRequest()
{
    composer().compose({});
}

void RequestActions::compare(const Recording &recording, events::Recording::Sequence one, events::Recording::Sequence other)
{
    auto left = recording->record(one);
    auto right = recording->record(other);
    if (!left || !right) {
        Q_EMIT failed(tr("One of them is not held any more: it had to make room for newer ones."));
        return;
    }
    auto *dialog = new CompareDialog(std::move(*left), std::move(*right), m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void RequestActions::repeat(const Recording &recording, events::Recording::Sequence sequence)
{
    const auto record = recording->record(sequence);
    if (!record)
        return;
    const auto request = session::replayOf(*record);
    if (!request) {
        tell(request.error());
        return;
    }
    (new RepeatDialog(*request, m_session.url(), m_parent))->open();
}

void RequestActions::copy(const Recording &recording, const Sequences &selected, As as)
{
    const events::CopyTarget target{toUtf8(m_session.url().isEmpty() ? u"http://localhost:%1"_s.arg(m_session.options().port) : m_session.url().toString(QUrl::StripTrailingSlash)), {}};
    std::string text;
    for (const auto sequence : selected) {
        const auto record = recording->record(sequence);
        if (!record || record->request.kind != events::RequestKind::Http)
            continue;
        text += text.empty() ? "" : "\n";
        switch (as) {
        case As::Curl:
            text += events::asCurl(*record, target);
            break;
        case As::Fetch:
            text += events::asFetch(*record, target);
            break;
        case As::Wget:
            text += events::asWget(*record, target);
            break;
        }
    }
    QGuiApplication::clipboard()->setText(fromUtf8(text));
    if (text.find(events::maskedValue) != std::string::npos)
        Q_EMIT told(tr("Copied. Authorization, cookies and the like are masked in it."));
    else
        Q_EMIT told(tr("Copied."));
}

// ---- files

void RequestActions::chooseFile(bool saving, const QString &title, const QString &filter, const QString &suffix, std::function<void(const QString &)> then)
{
    auto *dialog = new QFileDialog(m_parent, title, fromPath(m_session.options().project), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(saving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(saving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(then));
    dialog->open();
}

void RequestActions::chooseExport(const Recording &recording, const Sequences &selected)
{
    chooseFile(true, tr("Export as HAR"), tr("HTTP Archive (*.har)"), u"har"_s, [this, recording, selected](const QString &path) { exportHar(recording, selected, path); });
}

void RequestActions::exportHar(const Recording &recording, const Sequences &selected, const QString &path)
{
    events::HarOptions options;
    options.base = toUtf8(m_session.url().isEmpty() ? u"http://localhost:%1"_s.arg(m_session.options().port) : m_session.url().toString(QUrl::StripTrailingSlash));
    options.version = toUtf8(QCoreApplication::applicationVersion());
    options.decode = [](std::string_view encoding, std::string_view bytes) -> base::Result<std::string> {
        auto decoded = data::content::decode(encoding, bytes);
        if (decoded.end != data::content::Decoded::End::Whole)
            return base::fail("content.encoding", "The body is not as its Content-Encoding says.");
        return std::move(decoded.bytes);
    };
    m_thread.run(
        this,
        [recording, selected, options, file = toPath(path)](std::stop_token stop) -> base::Result<std::uint64_t> {
            const auto held = recording->held();
            events::Recording::Sequence at = held.first;
            std::size_t nth = 0;
            std::uint64_t count = 0;
            const auto next = [&]() -> base::Result<std::optional<RequestRecord>> {
                while (selected.empty() ? at < held.end : nth < selected.size()) {
                    if (stop.stop_requested())
                        return base::fail("har.cancelled", "Cancelled.");
                    auto record = recording->record(selected.empty() ? at++ : selected[nth++]);
                    if (!record || record->request.kind != events::RequestKind::Http)
                        continue;
                    ++count;
                    return record;
                }
                return std::nullopt;
            };
            if (auto written = events::writeHar(file, next, options); !written)
                return std::unexpected(written.error());
            return count;
        },
        [this, path](const base::Result<std::uint64_t> &count) {
            if (count)
                Q_EMIT told(tr("%L1 requests are in %2. Authorization, cookies and the like are masked in it.").arg(*count).arg(QFileInfo(path).fileName()));
            else
                tell(count.error());
        });
}

void RequestActions::importHar(const QString &path)
{
    using Opened = base::Result<std::shared_ptr<const events::Recording>>;
    m_thread.run(
        this,
        [file = toPath(path)](std::stop_token) -> Opened {
            auto records = events::readHar(file);
            if (!records)
                return std::unexpected(records.error());
            auto recording = std::make_shared<events::Recording>();
            for (RequestRecord &record : *records)
                recording->add(std::move(record));
            return recording;
        },
        [this, path](const Opened &opened) {
            if (opened)
                Q_EMIT recordingOpened(*opened, QFileInfo(path).fileName());
            else
                tell(opened.error());
        });
}

void RequestActions::saveSession(const QString &path)
{
    m_thread.run(
        this, [recording = m_session.recorder().recording(), file = toPath(path)](std::stop_token) { return recording->save(file); },
        [this, path](const base::Result<void> &saved) {
            if (saved)
                Q_EMIT told(tr("The session is in %1.").arg(QFileInfo(path).fileName()));
            else
                tell(saved.error());
        });
}

void RequestActions::openSession(const QString &path)
{
    using Opened = base::Result<std::shared_ptr<const events::Recording>>;
    m_thread.run(
        this,
        [file = toPath(path)](std::stop_token) -> Opened {
            auto recording = events::Recording::open(file);
            if (!recording)
                return std::unexpected(recording.error());
            return std::shared_ptr<const events::Recording>(std::move(*recording));
        },
        [this, path](const Opened &opened) {
            if (opened)
                Q_EMIT recordingOpened(*opened, QFileInfo(path).fileName());
            else
                tell(opened.error());
        });
}

} // namespace cleat::ui
