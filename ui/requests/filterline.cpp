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
constexpr qsizetype mostOffers = 200;

/// What makes sense whether or not it was seen.
QStringList valuesOf(const QString &key)
{
    if (key == "method:"_L1)
        return {u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s, u"OPTIONS"_s};
    if (key == "status:"_L1)
        return {u"2xx"_s, u"3xx"_s, u"4xx"_s, u"5xx"_s, u"200"_s, u"304"_s, u"404"_s, u"500"_s, u">=400"_s};
    if (key == "kind:"_L1)
        return {u"kv"_s, u"r2"_s, u"d1"_s, u"do"_s, u"storage"_s, u"queue"_s, u"vectorize"_s, u"hyperdrive"_s, u"analytics"_s, u"cache"_s, u"fetch"_s, u"connect"_s, u"service"_s};
    if (key == "env:"_L1)
        return {u"top"_s, u"production"_s, u"preview"_s};
    if (key == "dur:"_L1)
        return {u">10"_s, u">100"_s, u">1s"_s};
    if (key == "size:"_L1)
        return {u">10k"_s, u">1M"_s};
    if (key == "error:"_L1 || key == "console:"_L1 || key.startsWith("header."_L1))
        return {u"*"_s};
    return {};
}

} // namespace

FilterLine::FilterLine(Values values, QWidget *parent)
    : QLineEdit(parent),
      m_values(std::move(values)),
      m_trouble(addAction(icon("circle-alert"_L1, Tone::Danger), TrailingPosition)),
      m_offers(new QStringListModel(this)),
      m_completer(new QCompleter(m_offers, this))
{
    setPlaceholderText(tr("Filter: /api 5xx kind:kv dur:>100 -method:get"));
    setToolTip(tr("<p>All terms must fit; <b>-</b> in front of one turns it round. Words are looked for in path, method, handler and error.</p>"
                  "<p><b>method: path: handler: status: kind: binding: dur: size: error: console: env: header.<i>name</i>: body:</b></p>"
                  "<p>status:5xx, status:400-499, dur:&gt;100 (ms), size:&gt;10k, path:/api/*, binding:TODO_LIST, error:*, \"two words\" (Ctrl+F or /)</p>"));
    setAccessibleName(tr("Filter"));
    setClearButtonEnabled(true);
    addAction(icon("search"_L1, Tone::Muted), LeadingPosition);
    m_trouble->setVisible(false);
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterLine::chosen);
    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &FilterLine::apply);
    connect(this, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(this, &QLineEdit::textEdited, this, &FilterLine::edited);
}

QString FilterLine::term(const QString &key, const QString &value)
{
    const bool quoted = value.isEmpty() || std::ranges::any_of(value, [](QChar c) { return c.isSpace() || c == u','; });
    return quoted ? u"%1\"%2\""_s.arg(key, QString(value).remove(u'"')) : key + value;
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
        if (word.startsWith("header."_L1, Qt::CaseInsensitive)) {
            for (const QString &name : m_values(u"header."_s)) {
                if (name.startsWith(word.mid(7), Qt::CaseInsensitive))
                    found << u"%1header.%2:"_s.arg(minus, name);
            }
            return found;
        }
        for (const std::string_view key : RequestQuery::keys()) {
            QString name = fromUtf8(key);
            if (name.startsWith("header."_L1))
                name = u"header."_s; // its name comes next
            if (!word.isEmpty() && name.startsWith(word, Qt::CaseInsensitive) && !found.contains(minus + name))
                found << minus + name;
        }
        return found;
    }
    const QString key = word.left(colon + 1).toLower();
    const int comma = word.lastIndexOf(u',');
    const QString begun = word.mid(std::max(colon, comma) + 1);
    const QString kept = minus + word.left(std::max(colon, comma) + 1);
    QStringList values = valuesOf(key);
    values += m_values(key);
    values.removeDuplicates();
    for (const QString &value : std::as_const(values)) {
        // A path is known by its beginning, and by any part of it once some is typed.
        const bool fits = value.startsWith(begun, Qt::CaseInsensitive) || (key == "path:"_L1 && begun.size() > 1 && value.contains(begun, Qt::CaseInsensitive));
        if (fits && value.compare(begun, Qt::CaseInsensitive) != 0 && found.size() < mostOffers)
            found << term(kept, value);
    }
    return found;
}

void FilterLine::offer(const QStringList &words)
{
    if (words.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_offers->setStringList(words);
    m_completer->complete();
    m_completer->popup()->setCurrentIndex({}); // nothing is taken that was not chosen
}

void FilterLine::edited()
{
    m_offersLines = false;
    offer(offers());
}

void FilterLine::chosen(const QString &word)
{
    if (m_offersLines)
        use(word);
    else
        complete(word);
}

void FilterLine::complete(const QString &word)
{
    const int begin = wordBegin();
    QString line = text();
    const bool open = word.endsWith(u':') || word.endsWith(u'.'); // its value is still to come
    const bool spaced = cursorPosition() < line.size() && line[cursorPosition()].isSpace();
    line.replace(begin, cursorPosition() - begin, open || spaced ? word : word + u' ');
    setText(line);
    setCursorPosition(begin + static_cast<int>(word.size()) + (open ? 0 : 1));
    if (open)
        edited();
}

void FilterLine::use(const QString &line)
{
    m_completer->popup()->hide();
    setText(line);
    apply();
    tellUsed();
}

void FilterLine::keyPressEvent(QKeyEvent *event)
{
    if (m_completer->popup()->isVisible()) {
        switch (event->key()) {
        case Qt::Key_Tab:
            if (m_completer->popup()->currentIndex().isValid() || m_offers->rowCount() == 1) {
                const QModelIndex index = m_completer->popup()->currentIndex();
                m_completer->popup()->hide();
                chosen(index.isValid() ? index.data().toString() : m_offers->stringList().constFirst());
                event->accept();
                return;
            }
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Escape:
            if (event->key() != Qt::Key_Escape && !m_completer->popup()->currentIndex().isValid()) {
                m_completer->popup()->hide();
                break;
            }
            event->ignore(); // the list's
            return;
        default:
            break;
        }
    } else if (event->key() == Qt::Key_Down) {
        m_offersLines = text().trimmed().isEmpty();
        offer(m_offersLines ? m_history : offers());
        event->accept();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        apply();
        tellUsed();
        event->accept();
        return;
    case Qt::Key_Escape:
        Q_EMIT left();
        event->accept();
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void FilterLine::focusInEvent(QFocusEvent *event)
{
    QLineEdit::focusInEvent(event);
    Q_EMIT begun();
}

void FilterLine::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (event->reason() == Qt::PopupFocusReason)
        return;
    m_completer->popup()->hide();
    tellUsed();
}

void FilterLine::tellUsed()
{
    const QString line = text().trimmed();
    if (!line.isEmpty() && m_why.isEmpty() && !m_delay.isActive())
        Q_EMIT used(line);
}

/// A line that makes no sense (yet) leaves the last query in force.
void FilterLine::apply()
{
    m_delay.stop();
    const auto query = RequestQuery::parse(toUtf8(text()));
    const QString why = query ? QString() : formatError(query.error());
    m_trouble->setVisible(!query);
    if (!query)
        m_trouble->setToolTip(why);
    if (why != m_why) {
        m_why = why;
        Q_EMIT troubleChanged(why);
    }
    if (query)
        Q_EMIT queryChanged(*query);
}

} // namespace cleat::ui
