// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/functions/trypath.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QLineEdit>
#include <QTextBrowser>
#include <QUrl>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::RouteMatch;
using session::RouteRow;

namespace {

QString html(const std::string &text)
{
    return fromUtf8(text).toHtmlEscaped();
}

QString colored(const QString &html, const QColor &color)
{
    return u"<span style=\"color:%1\">%2</span>"_s.arg(color.name(), html);
}

QString linkTo(const std::string &file)
{
    return u"<a href=\"file:%1\">%2</a>"_s.arg(QString::fromLatin1(QUrl::toPercentEncoding(fromUtf8(file))), html(file));
}

QString parametersHtml(const std::vector<RouteMatch::Parameter> &parameters)
{
    QStringList shown;
    for (const RouteMatch::Parameter &parameter : parameters) {
        QStringList values;
        for (const std::string &value : parameter.values)
            values << u"\"%1\""_s.arg(html(value));
        const QString all = parameter.kind == RouteMatch::Parameter::Kind::Rest ? u'[' + values.join(u", "_s) + u']' : values.value(0);
        shown << html(parameter.name) + u" = "_s + all;
    }
    return shown.join(u", "_s);
}

} // namespace

TryPath::TryPath(QWidget *parent) : QWidget(parent), m_method(new QComboBox), m_path(new QLineEdit), m_answer(new QTextBrowser)
{
    m_method->addItems({u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s, u"OPTIONS"_s});
    m_method->setEditable(true);
    m_method->setInsertPolicy(QComboBox::NoInsert);
    m_method->setAccessibleName(tr("Method"));
    m_method->setMaximumWidth(120);
    m_path->setPlaceholderText(tr("A path or a URL: /api/users/7?x=1"));
    m_path->setAccessibleName(tr("Path to try"));
    m_path->setClearButtonEnabled(true);
    m_path->setFont(monospaceFont());
    m_answer->setAccessibleName(tr("Who takes it"));
    m_answer->setFrameShape(QFrame::NoFrame);
    m_answer->setOpenLinks(false);
    m_answer->viewport()->setAutoFillBackground(false);
    connect(m_answer, &QTextBrowser::anchorClicked, this, [this](const QUrl &url) {
        if (url.scheme() == "file"_L1)
            Q_EMIT sourceAsked({toUtf8(QUrl::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1())), 0, 0});
    });
    connect(m_method, &QComboBox::currentTextChanged, this, &TryPath::refresh);
    connect(m_path, &QLineEdit::textChanged, this, &TryPath::refresh);

    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_method);
    row->addWidget(m_path, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 6);
    column->addLayout(row);
    column->addWidget(m_answer, 1);
    setFocusProxy(m_path);
    refresh();
}

void TryPath::setRoutes(std::shared_ptr<const session::RouteTable> routes)
{
    m_routes = std::move(routes);
    refresh();
}

void TryPath::tryThis(const QString &method, const QString &path)
{
    m_method->setCurrentText(method);
    m_path->setText(path);
}

QString TryPath::answerText() const
{
    return m_answer->toPlainText();
}

void TryPath::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void TryPath::refresh()
{
    const QString muted = toneColor(palette(), Tone::Muted).name();
    const QString path = m_path->text().trimmed();
    if (path.isEmpty() || !m_routes) {
        const QString hint = m_routes ? tr("Type a path to see which Function takes it, what it passes on the way, and why.") : tr("There are no routes yet: start the project.");
        m_answer->setHtml(u"<p style=\"color:%1\">%2</p>"_s.arg(muted, hint.toHtmlEscaped()));
        Q_EMIT rowFound(-1);
        return;
    }
    const RouteMatch match = m_routes->tryPath(toUtf8(m_method->currentText().trimmed().toUpper()), toUtf8(path));
    m_answer->setHtml(describe(match));
    Q_EMIT rowFound(match.row);
}

QString TryPath::describe(const RouteMatch &match) const
{
    const Colors &c = colors(palette());
    const QString path = u"<b>%1</b>"_s.arg(html(match.path));
    QString out;
    switch (match.answer) {
    case RouteMatch::Answer::Code:
        out = colored(u"●"_s, c.success) + u' ' + tr("%1 is taken by %2").arg(path, linkTo(match.steps.back().handler.file));
        break;
    case RouteMatch::Answer::Asset:
        out = colored(u"●"_s, c.accent) + u' ' + tr("%1 is a static file: %2").arg(path, html(match.asset));
        break;
    case RouteMatch::Answer::Redirect:
        out = colored(u"●"_s, c.accent) + u' ' + tr("%1 is redirected to %2 (%3)").arg(path, html(match.location)).arg(match.status);
        break;
    case RouteMatch::Answer::NotFound:
        out = colored(u"●"_s, c.danger) + u' ' + tr("%1 is taken by nobody: %2").arg(path).arg(match.status);
        break;
    case RouteMatch::Answer::NotAllowed:
        out = colored(u"●"_s, c.danger) + u' ' + tr("%1 is taken by nobody: %2, the method is not allowed").arg(path).arg(match.status);
        break;
    }
    out = u"<p style=\"margin-bottom:4px\">%1</p><p style=\"margin-top:0;margin-bottom:6px;color:%2\">%3</p>"_s.arg(out, c.muted.name(), html(match.why));
    for (const std::string &note : match.notes)
        out += u"<p style=\"margin-top:0;margin-bottom:4px\">%1 %2</p>"_s.arg(colored(u"▸"_s, c.warning), html(note));
    if (!match.steps.empty()) {
        out += u"<table cellspacing=\"0\" cellpadding=\"3\">"_s;
        int number = 0;
        for (const RouteMatch::Step &step : match.steps) {
            const QString kind = step.kind == RouteRow::Kind::Middleware ? tr("middleware") : tr("handler");
            out += u"<tr><td style=\"color:%1\" align=\"right\">%2</td><td style=\"color:%1\">%3&nbsp;</td><td>%4 <span style=\"color:%1\">%5</span></td><td>&nbsp;%6</td></tr>"_s
                       .arg(c.muted.name()).arg(++number).arg(kind, linkTo(step.handler.file), html(step.handler.exportName), parametersHtml(step.parameters));
        }
        out += u"</table>"_s;
    }
    return out;
}

} // namespace cleat::ui
