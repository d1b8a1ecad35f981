// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestdetailview.h"

#include "ui/requests/callsmodel.h"
#include "ui/requests/requestsdelegate.h"
#include "ui/requests/waterfall.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTextCursor>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

Tone levelTone(events::Level level)
{
    switch (level) {
    case events::Level::Debug:
        return Tone::Muted;
    case events::Level::Log:
        return Tone::Normal;
    case events::Level::Info:
        return Tone::Accent;
    case events::Level::Warn:
        return Tone::Warning;
    case events::Level::Error:
        return Tone::Danger;
    }
    return Tone::Normal;
}

QWidget *titled(QLabel *title, QWidget *content)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(3);
    column->addWidget(title);
    column->addWidget(content, 1);
    return box;
}

void setTextIfOther(QPlainTextEdit &edit, const QString &text)
{
    if (edit.toPlainText() != text)
        edit.setPlainText(text);
}

} // namespace

RequestDetailView::RequestDetailView(QWidget *parent)
    : QWidget(parent), m_calls(new CallsModel(this)), m_pages(new QStackedWidget), m_status(new ToneLabel), m_url(new ElideLabel(Qt::ElideMiddle)),
      m_facts(new ElideLabel), m_error(new ToneLabel({}, Tone::Danger)), m_tabs(new FlatTabs), m_callPages(new QStackedWidget),
      m_callSplitter(new QSplitter(Qt::Vertical)), m_waterfall(new Waterfall(*m_calls)), m_arguments(makeCodeView()), m_resultTitle(new ToneLabel),
      m_result(makeCodeView()), m_console(makeCodeView()), m_exceptions(makeCodeView())
{
    m_console->setPlaceholderText(tr("This request wrote no console lines."));
    m_console->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_exceptions->setPlaceholderText(tr("No exception was left uncaught."));
    m_tabs->addTab(makeCalls(), tr("Calls"));
    m_tabs->addTab(m_console, tr("Console"));
    m_tabs->addTab(m_exceptions, tr("Exceptions"));
    for (QPlainTextEdit *edit : {m_console, m_exceptions})
        edit->setFrameShape(QFrame::NoFrame);

    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_tabs, 1);
    m_pages->addWidget(new EmptyState("activity"_L1, tr("No request selected"), tr("Select a row to see its binding calls, console lines and exceptions.")));
    m_pages->addWidget(page);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
    connect(m_waterfall, &Waterfall::currentCallChanged, this, &RequestDetailView::showCall);
}

QWidget *RequestDetailView::makeHead()
{
    QFont strong = m_status->font();
    strong.setBold(true);
    m_status->setFont(strong);
    m_url->setFont(monospaceFont());
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setTone(Tone::Muted);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(m_status);
    first->addWidget(m_url, 1);
    auto *head = new QWidget;
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(10, 8, 10, 6);
    column->setSpacing(3);
    column->addLayout(first);
    column->addWidget(m_facts);
    column->addWidget(m_error);
    return head;
}

QWidget *RequestDetailView::makeCalls()
{
    auto *argumentsTitle = new ToneLabel(tr("Arguments"), Tone::Muted);
    argumentsTitle->setBuddy(m_arguments);
    m_resultTitle->setBuddy(m_result);
    m_arguments->setAccessibleName(tr("Arguments"));
    m_result->setAccessibleName(tr("Result"));
    m_result->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_arguments->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_waterfall->setFrameShape(QFrame::NoFrame);
    auto *values = new QSplitter(Qt::Horizontal);
    values->addWidget(titled(argumentsTitle, m_arguments));
    values->addWidget(titled(m_resultTitle, m_result));
    values->setChildrenCollapsible(false);
    auto *below = new QWidget;
    auto *margin = new QVBoxLayout(below);
    margin->setContentsMargins(6, 0, 6, 6);
    margin->addWidget(values);
    m_callSplitter->addWidget(m_waterfall);
    m_callSplitter->addWidget(below);
    m_callSplitter->setStretchFactor(0, 1);
    m_callSplitter->setStretchFactor(1, 1);
    m_callSplitter->setChildrenCollapsible(false);
    m_callPages->addWidget(new EmptyState("database"_L1, tr("No binding calls"), tr("This request used none of the project's bindings.")));
    m_callPages->addWidget(m_callSplitter);
    return m_callPages;
}

void RequestDetailView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Below the table it is wide and low: then arguments and result stand beside the waterfall.
    m_callSplitter->setOrientation(width() > height() * 3 / 2 ? Qt::Horizontal : Qt::Vertical);
}

void RequestDetailView::clear()
{
    m_shown = 0;
    m_pages->setCurrentIndex(0);
}

void RequestDetailView::setRequest(const events::RequestEvent &request, const RequestDetail &detail, const QUrl &base)
{
    const bool other = request.id != m_shown;
    if (other) {
        m_shown = request.id;
        m_calls->setCalls({}, 1);
        m_console->clear();
        m_consoleLines = 0;
        m_exceptions->clear();
        m_exceptionCount = 0;
    }
    m_pages->setCurrentIndex(1);
    showHead(request, base);
    m_calls->setCalls(detail.calls, request.durationUs);
    m_callPages->setCurrentIndex(detail.calls.empty() ? 0 : 1);
    if (!detail.calls.empty() && m_waterfall->currentIndex().row() < 0)
        m_waterfall->setCurrentIndex(m_calls->index(0, 0));
    showCall(m_waterfall->currentIndex().row());
    showConsole(detail);
    showExceptions(detail);

    const std::array counts = {detail.calls.size(), detail.console.size(), detail.exceptions.size()};
    const std::array titles = {tr("Calls"), tr("Console"), tr("Exceptions")};
    for (int i = 0; i < m_tabs->count(); ++i) {
        const auto n = counts[static_cast<std::size_t>(i)];
        const QString &title = titles[static_cast<std::size_t>(i)];
        m_tabs->setTabText(i, n ? u"%1 (%2)"_s.arg(title).arg(n) : title);
    }
    if (other && counts[static_cast<std::size_t>(m_tabs->currentIndex())] == 0) {
        const auto filled = std::find_if(counts.begin(), counts.end(), [](std::size_t n) { return n > 0; });
        if (filled != counts.end())
            m_tabs->setCurrentIndex(static_cast<int>(filled - counts.begin()));
    }
}

void RequestDetailView::showHead(const events::RequestEvent &request, const QUrl &base)
{
    QString address = base.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::StripTrailingSlash);
    address += fromUtf8(request.target);
    m_url->setText(fromUtf8(request.method) + u' ' + address);
    m_status->setText(request.status ? QString::number(request.status) : u"…"_s);
    m_status->setTone(statusTone(request));
    QStringList facts;
    switch (request.state) {
    case events::RequestState::Running:
        facts << tr("running");
        break;
    case events::RequestState::Finished:
        facts << formatDuration(request.durationUs);
        break;
    case events::RequestState::Abandoned:
        facts << (request.error.empty() ? tr("the client left after %1") : tr("broken off after %1")).arg(formatDuration(request.durationUs));
        break;
    }
    facts << formatBytes(request.responseBytes);
    if (request.requestBytes)
        facts << tr("%1 received").arg(formatBytes(request.requestBytes));
    switch (request.answer) {
    case events::Answer::Code:
        facts << (request.handler.empty() ? tr("code") : fromUtf8(request.handler));
        break;
    case events::Answer::Asset:
        facts << (request.handler.empty() ? tr("static file") : tr("static file %1").arg(fromUtf8(request.handler)));
        break;
    case events::Answer::Refused:
        facts << tr("refused");
        break;
    }
    facts << formatTime(request.startUs);
    m_facts->setText(facts.join(u"  ·  "_s));
    m_error->setText(fromUtf8(request.error));
    m_error->setVisible(!request.error.empty());
}

void RequestDetailView::showCall(int row)
{
    const events::CallEvent *call = m_calls->call(row);
    setTextIfOther(*m_arguments, call ? prettyJson(call->arguments) : QString());
    const bool failed = call && !call->error.empty();
    m_resultTitle->setText(failed ? tr("Failed") : call && call->bytes ? tr("Result, %1").arg(formatBytes(call->bytes)) : tr("Result"));
    m_resultTitle->setTone(failed ? Tone::Danger : Tone::Muted);
    m_result->setPlaceholderText(call ? tr("No result.") : QString());
    setTextIfOther(*m_result, !call ? QString() : failed ? fromUtf8(call->error) : prettyJson(call->result));
}

void RequestDetailView::showConsole(const RequestDetail &detail)
{
    QTextCursor cursor(m_console->document());
    cursor.movePosition(QTextCursor::End);
    cursor.beginEditBlock();
    for (; m_consoleLines < detail.console.size(); ++m_consoleLines) {
        const events::ConsoleEvent &line = detail.console[m_consoleLines];
        QTextCharFormat ink;
        ink.setForeground(line.level == events::Level::Log ? palette().color(QPalette::Text) : toneColor(palette(), levelTone(line.level)));
        QTextCharFormat faint;
        faint.setForeground(colors(palette()).muted);
        if (m_consoleLines > 0)
            cursor.insertBlock();
        cursor.insertText(formatTime(line.timeUs) + u"  "_s, faint);
        cursor.insertText(fromUtf8(line.text), ink);
        if (const QString place = formatPlace(line.place); !place.isEmpty())
            cursor.insertText(u"  "_s + place, faint);
    }
    cursor.endEditBlock();
}

void RequestDetailView::showExceptions(const RequestDetail &detail)
{
    if (detail.exceptions.size() == m_exceptionCount)
        return;
    m_exceptionCount = detail.exceptions.size();
    m_exceptions->clear();
    QTextCursor cursor(m_exceptions->document());
    bool first = true;
    for (const events::ExceptionEvent &exception : detail.exceptions) {
        QTextCharFormat strong;
        strong.setForeground(toneColor(palette(), Tone::Danger));
        strong.setFontWeight(QFont::Bold);
        QTextCharFormat plain;
        plain.setForeground(palette().color(QPalette::Text));
        if (!first)
            cursor.insertText(u"\n\n"_s, plain);
        first = false;
        cursor.insertText(fromUtf8(exception.message), strong);
        QString stack = fromUtf8(exception.stack);
        const QString message = fromUtf8(exception.message);
        if (stack.startsWith(message)) // V8's stack begins with it
            stack = stack.mid(message.size()).trimmed().prepend(u"    "_s);
        const QString place = formatPlace(exception.place);
        if (!stack.trimmed().isEmpty())
            cursor.insertText(u"\n"_s + stack, plain);
        else if (!place.isEmpty())
            cursor.insertText(u"\n"_s + tr("at %1").arg(place), plain);
    }
    m_exceptions->moveCursor(QTextCursor::Start);
}

void RequestDetailView::saveState(QSettings &settings) const
{
    settings.setValue(u"requests/callSplitter"_s, m_callSplitter->saveState());
}

void RequestDetailView::restoreState(const QSettings &settings)
{
    m_callSplitter->setSizes({500, 500});
    m_callSplitter->restoreState(settings.value(u"requests/callSplitter"_s).toByteArray());
}

} // namespace cleat::ui
