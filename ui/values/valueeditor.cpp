// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/valueeditor.h"

#include "ui/configfile/editedtext.h"
#include "ui/values/utf8.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/jsonhighlighter.h"
#include "ui/widgets/jsontext.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QFile>
#include <QFileDialog>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t longestLine = 256 * 1024;
constexpr qsizetype mostColoured = 200'000;

std::size_t lineLength(std::string_view bytes)
{
    std::size_t longest = 0;
    for (std::size_t at = 0; at <= bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        longest = std::max(longest, end - at);
        at = end + 1;
    }
    return longest;
}

bool looksLikeJson(QStringView text)
{
    const QStringView bare = text.trimmed();
    return bare.startsWith(u'{') || bare.startsWith(u'[');
}

} // namespace

ValueEditor::ValueEditor(QWidget *parent)
    : QWidget(parent), m_edit(makeLinesField(4)), m_notice(new QWidget), m_why(new ToneLabel({}, Tone::Muted)), m_openLaidOut(new QPushButton(tr("Lay it out to edit it"))),
      m_state(new ToneLabel), m_format(new QToolButton), m_replace(new QToolButton), m_original(std::make_shared<const std::string>()), m_shown(m_original)
{
    m_edit->setAccessibleName(tr("Value"));
    m_edit->setFrameShape(QFrame::NoFrame);
    m_edit->setTabChangesFocus(true);
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignCenter);
    m_openLaidOut->setAutoDefault(false);
    auto *noticeColumn = new QVBoxLayout(m_notice);
    noticeColumn->addStretch(1);
    noticeColumn->addWidget(m_why);
    noticeColumn->addWidget(m_openLaidOut, 0, Qt::AlignHCenter);
    noticeColumn->addStretch(1);
    m_state->setWordWrap(true);
    m_format->setText(tr("Format"));
    m_format->setIcon(icon("braces"_L1, Tone::Muted));
    m_format->setToolTip(tr("Lay the JSON out, one member a line"));
    m_replace->setText(tr("Replace from file…"));
    m_replace->setIcon(icon("upload"_L1, Tone::Muted));
    for (QToolButton *button : {m_format, m_replace}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    auto *below = new QHBoxLayout;
    below->setContentsMargins(8, 2, 6, 2);
    below->addWidget(m_state, 1);
    below->addWidget(m_format);
    below->addWidget(m_replace);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_edit, 1);
    column->addWidget(m_notice, 1);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addLayout(below);
    setFocusProxy(m_edit);

    m_wait.setSingleShot(true);
    m_wait.setInterval(150);
    connect(&m_wait, &QTimer::timeout, this, &ValueEditor::checkJson);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        m_wait.start();
        Q_EMIT edited();
    });
    connect(m_format, &QToolButton::clicked, this, &ValueEditor::layOut);
    connect(m_replace, &QToolButton::clicked, this, &ValueEditor::browse);
    connect(m_openLaidOut, &QPushButton::clicked, this, [this] {
        show(std::make_shared<const std::string>(toUtf8(formatJson(shownText(*m_shown)))));
        m_edit->setFocus(Qt::OtherFocusReason);
        Q_EMIT edited();
    });
    show(m_original);
}

ValueEditor::~ValueEditor() = default;

std::optional<QString> ValueEditor::whyNotInPlace(std::string_view bytes)
{
    if (bytes.size() > mostInPlace)
        return tr("This value has %1. Values of more than %2 are not edited here; they can be replaced from a file.").arg(formatBytes(bytes.size()), formatBytes(mostInPlace));
    if (utf8ValidUntil(bytes) < bytes.size() || bytes.find('\0') != std::string_view::npos)
        return tr("This value is no text. It can be replaced from a file.");
    if (lineLength(bytes) > longestLine)
        return tr("This value has a line of more than %1, which is too long to be edited here. It can be replaced from a file.").arg(formatBytes(longestLine));
    return {};
}

void ValueEditor::setValue(ValueBytes bytes)
{
    m_reading.drop();
    m_original = std::move(bytes);
    show(m_original);
}

void ValueEditor::show(const ValueBytes &bytes)
{
    m_shown = bytes;
    const std::optional<QString> whyNot = whyNotInPlace(*bytes);
    m_inPlace = !whyNot;
    const QString text = m_inPlace ? shownText(*bytes) : QString();
    delete std::exchange(m_highlighter, nullptr);
    {
        const QSignalBlocker quiet(m_edit);
        m_edit->setPlainText(text);
        m_edit->document()->setModified(false);
    }
    if (m_inPlace && text.size() <= mostColoured && looksLikeJson(text))
        m_highlighter = new JsonHighlighter(*m_edit, JsonHighlighter::Dialect::Json);
    m_edit->setVisible(m_inPlace);
    m_notice->setVisible(!m_inPlace);
    setFocusProxy(m_inPlace ? static_cast<QWidget *>(m_edit) : m_replace);
    m_openLaidOut->hide();
    if (whyNot) {
        m_why->setText(m_shown == m_original ? *whyNot : tr("It will be replaced by %1 from the file.").arg(formatBytes(bytes->size())));
        if (bytes->size() <= mostInPlace && utf8ValidUntil(*bytes) == bytes->size()) {
            const QString whole = shownText(*bytes);
            m_openLaidOut->setVisible(looksLikeJson(whole) && !ui::checkJson(whole));
        }
    }
    checkJson();
}

ValueBytes ValueEditor::value() const
{
    if (!m_inPlace || !m_edit->document()->isModified())
        return m_shown;
    return std::make_shared<const std::string>(editedBytes(*m_shown, editorText(*m_edit)));
}

bool ValueEditor::isModified() const
{
    return m_shown != m_original || (m_inPlace && m_edit->document()->isModified());
}

void ValueEditor::checkJson()
{
    m_wait.stop();
    const QString text = m_inPlace ? editorText(*m_edit) : QString();
    const bool json = m_inPlace && looksLikeJson(text);
    m_format->setVisible(m_inPlace);
    m_format->setEnabled(false);
    if (!json) {
        m_state->setText({});
        return;
    }
    const auto problem = ui::checkJson(text);
    m_format->setEnabled(!problem);
    m_state->setTone(problem ? Tone::Warning : Tone::Muted);
    m_state->setText(problem ? tr("No valid JSON: line %L1, column %L2: %3").arg(problem->line).arg(problem->column).arg(problem->message) : tr("Valid JSON"));
}

void ValueEditor::layOut()
{
    const QString before = editorText(*m_edit);
    const QString laidOut = formatJson(before);
    if (laidOut == before)
        return;
    QTextCursor cursor(m_edit->document()); // one step for undo
    cursor.select(QTextCursor::Document);
    cursor.insertText(laidOut);
}

void ValueEditor::browse()
{
    auto *dialog = new QFileDialog(this, tr("Replace the value from a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ValueEditor::replaceFrom);
    dialog->open();
}

void ValueEditor::replaceFrom(const QString &path)
{
    struct Read {
        ValueBytes bytes;
        QString problem;
    };
    m_reading.start(
        [path, limit = m_limit](std::stop_token) {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                return Read{nullptr, tr("%1 cannot be read: %2").arg(path, file.errorString())};
            const QByteArray all = file.read(static_cast<qint64>(limit) + 1);
            if (file.error() != QFile::NoError)
                return Read{nullptr, tr("%1 cannot be read: %2").arg(path, file.errorString())};
            if (static_cast<std::uint64_t>(all.size()) > limit)
                return Read{nullptr, tr("%1 is larger than %2, the most that a value can have.").arg(path, formatBytes(limit))};
            return Read{std::make_shared<const std::string>(all.constData(), static_cast<std::size_t>(all.size())), {}};
        },
        [this](Read &&read) {
            if (!read.bytes) {
                Q_EMIT failed(read.problem);
                return;
            }
            show(read.bytes);
            Q_EMIT edited();
        });
}

} // namespace cleat::ui
