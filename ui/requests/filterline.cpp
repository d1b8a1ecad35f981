// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/filterline.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QKeyEvent>
#include <QStringListModel>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::RequestQuery;

namespace {

constexpr int delayMs = 120;

QStringList valuesOf(const QString &key)
{
    if (key == "method:"_L1)
        return {u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s, u"OPTIONS"_s};
    if (key == "status:"_L1)
        return {u"2xx"_s, u"3xx"_s, u"4xx"_s, u"5xx"_s, u"200"_s, u"304"_s, u"404"_s, u"500"_s, u">=400"_s};
    if (key == "kind:"_L1)
        return {u"kv"_s, u"r2"_s, u"d1"_s, u"cache"_s};
    if (key == "dur:"_L1)
        return {u">10"_s, u">100"_s, u">1s"_s};
    if (key == "size:"_L1)
        return {u">10k"_s, u">1M"_s};
    if (key == "error:"_L1 || key == "console:"_L1)
        return {u"*"_s};
    return {};
}

} // namespace

FilterLine::FilterLine(std::function<QStringList()> bindingNames, QWidget *parent)
    : QLineEdit(parent), m_bindingNames(std::move(bindingNames)), m_trouble(addAction(icon("circle-alert"_L1, Tone::Danger), TrailingPosition)),
      m_offers(new QStringListModel(this)), m_completer(new QCompleter(m_offers, this))
{
    setPlaceholderText(tr("Filter: /api 5xx kind:kv dur:>100 -method:get"));
    setToolTip(tr("<p>All terms must fit; <b>-</b> in front of one turns it round. Words are looked for in path, method, handler and error.</p>"
                  "<p><b>method: path: handler: status: kind: binding: dur: size: error: console:</b></p>"
                  "<p>status:5xx, status:400-499, dur:&gt;100 (ms), size:&gt;10k, path:/api/*, binding:TODO_LIST, error:*, \"two words\" (Ctrl+F)</p>"));
    setAccessibleName(tr("Filter"));
    setClearButtonEnabled(true);
    addAction(icon("search"_L1, Tone::Muted), LeadingPosition);
    m_trouble->setVisible(false);
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterLine::complete);
    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &FilterLine::apply);
    connect(this, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(this, &QLineEdit::textEdited, this, &FilterLine::edited);
}

int FilterLine::wordBegin() const
{
    const QString before = text().left(cursorPosition());
    int begin = 0;
    bool quoted = false;
    for (int i = 0; i < before.size(); ++i) {
        if (before[i] == u'"')
            quoted = !quoted;
        else if (before[i].isSpace() && !quoted)
            begin = i + 1;
    }
    return begin;
}

QStringList FilterLine::offers() const
{
    QString word = text().mid(wordBegin(), cursorPosition() - wordBegin());
    const QString minus = word.startsWith(u'-') ? u"-"_s : QString();
    word.remove(0, minus.size());
    QStringList found;
    const int colon = word.indexOf(u':');
    if (colon < 0) {
        for (const std::string_view key : RequestQuery::keys()) {
            const QString name = fromUtf8(key);
            if (!word.isEmpty() && name.startsWith(word, Qt::CaseInsensitive))
                found << minus + name;
        }
        return found;
    }
    const QString key = word.left(colon + 1).toLower();
    const int comma = word.lastIndexOf(u',');
    const QString begun = word.mid(std::max(colon, comma) + 1);
    const QString kept = minus + word.left(std::max(colon, comma) + 1);
    for (const QString &value : key == "binding:"_L1 ? m_bindingNames() : valuesOf(key)) {
        if (value.startsWith(begun, Qt::CaseInsensitive) && value.compare(begun, Qt::CaseInsensitive) != 0)
            found << kept + value;
    }
    return found;
}

void FilterLine::edited()
{
    const QStringList found = offers();
    if (found.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_offers->setStringList(found);
    m_completer->complete();
    m_completer->popup()->setCurrentIndex({}); // nothing is taken that was not chosen
}

void FilterLine::complete(const QString &word)
{
    const int begin = wordBegin();
    QString line = text();
    const bool open = word.endsWith(u':'); // its value is still to come
    const bool spaced = cursorPosition() < line.size() && line[cursorPosition()].isSpace();
    line.replace(begin, cursorPosition() - begin, open || spaced ? word : word + u' ');
    setText(line);
    setCursorPosition(begin + static_cast<int>(word.size()) + (open ? 0 : 1));
    if (open)
        edited();
}

void FilterLine::keyPressEvent(QKeyEvent *event)
{
    if (m_completer->popup()->isVisible()) {
        switch (event->key()) {
        case Qt::Key_Tab:
            if (m_completer->popup()->currentIndex().isValid() || m_offers->rowCount() == 1) {
                const QModelIndex chosen = m_completer->popup()->currentIndex();
                m_completer->popup()->hide();
                complete(chosen.isValid() ? chosen.data().toString() : m_offers->stringList().constFirst());
                event->accept();
                return;
            }
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Escape:
            event->ignore(); // the list's
            return;
        default:
            break;
        }
    }
    QLineEdit::keyPressEvent(event);
}

void FilterLine::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason)
        m_completer->popup()->hide();
}

/// A line that makes no sense (yet) leaves the last query in force.
void FilterLine::apply()
{
    const auto query = RequestQuery::parse(toUtf8(text()));
    m_trouble->setVisible(!query);
    if (!query) {
        m_trouble->setToolTip(formatError(query.error()));
        return;
    }
    Q_EMIT queryChanged(*query);
}

} // namespace cleat::ui
