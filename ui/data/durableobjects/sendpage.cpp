// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/sendpage.h"

#include "ui/values/valueview.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>
#include <limits>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::ObjectAnswer;
using session::ObjectCall;

namespace {

constexpr const char *host = "http://object"; ///< of a request whose path alone is given

QString contentTypeOf(const ObjectAnswer &answer)
{
    const auto found = std::ranges::find(answer.headers, std::string("content-type"), [](const auto &field) { return field.first; });
    return found == answer.headers.end() ? QString() : fromUtf8(found->second);
}

} // namespace

SendPage::SendPage(session::ObjectDesk &desk, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_how(new QComboBox), m_forms(new QStackedWidget), m_verb(new QComboBox), m_path(new QLineEdit(u"/"_s)), m_headers(makeLinesField(2)),
      m_body(makeLinesField(4)), m_method(new QLineEdit), m_arguments(new JsonEdit), m_send(new QPushButton(tr("Send"))), m_status(new ToneLabel({}, Tone::Muted)),
      m_fields(new ElideLabel), m_answer(new ValueView)
{
    m_how->addItems({tr("Request"), tr("Method")});
    m_how->setAccessibleName(tr("What to send"));
    m_forms->addWidget(makeRequest());
    m_forms->addWidget(makeMethod());
    m_forms->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_send->setAutoDefault(false);
    m_send->setToolTip(tr("Send (Ctrl+Enter)"));
    m_fields->setTone(Tone::Muted);
    auto *top = new QHBoxLayout;
    top->addWidget(m_how);
    top->addStretch(1);
    top->addWidget(m_send);
    auto *form = new QVBoxLayout;
    form->setContentsMargins(8, 8, 8, 6);
    form->setSpacing(6);
    form->addLayout(top);
    form->addWidget(m_forms);
    auto *told = new QVBoxLayout;
    told->setContentsMargins(8, 4, 8, 4);
    told->setSpacing(0);
    m_status->setWordWrap(true);
    told->addWidget(m_status);
    told->addWidget(m_fields);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(form);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addLayout(told);
    column->addWidget(m_answer, 1);
    connect(m_how, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_forms->setCurrentIndex(index);
        refresh();
    });
    connect(m_method, &QLineEdit::textChanged, this, &SendPage::refresh);
    connect(m_path, &QLineEdit::textChanged, this, &SendPage::refresh);
    connect(m_arguments, &JsonEdit::textChanged, this, &SendPage::refresh);
    connect(m_send, &QPushButton::clicked, this, &SendPage::send);
    connect(m_path, &QLineEdit::returnPressed, this, &SendPage::send);
    connect(m_method, &QLineEdit::returnPressed, this, &SendPage::send);
    for (const int key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, this, &SendPage::send);
    m_answer->setMessage({});
    refresh();
}

QWidget *SendPage::makeRequest()
{
    m_verb->addItems({u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s, u"OPTIONS"_s});
    m_verb->setAccessibleName(tr("Method"));
    m_path->setAccessibleName(tr("Path or URL"));
    m_path->setFont(monospaceFont());
    m_headers->setPlaceholderText(tr("Header fields, one a line: content-type: application/json"));
    m_headers->setAccessibleName(tr("Header fields"));
    m_body->setPlaceholderText(tr("Body"));
    m_body->setAccessibleName(tr("Body"));
    auto *form = new QWidget;
    auto *line = new QHBoxLayout;
    line->addWidget(m_verb);
    line->addWidget(m_path, 1);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(line);
    column->addWidget(m_headers);
    column->addWidget(m_body);
    return form;
}

QWidget *SendPage::makeMethod()
{
    m_method->setAccessibleName(tr("Name of the method"));
    m_method->setPlaceholderText(tr("Name of the method"));
    m_method->setFont(monospaceFont());
    m_arguments->setFieldName(tr("Arguments"));
    m_arguments->setPlaceholderText(tr("Arguments, a JSON array: [1, \"two\"]"));
    m_arguments->setEmpty(JsonEdit::Empty::IsFine);
    m_arguments->setVisibleLines(4);
    auto *form = new QWidget;
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_method);
    column->addWidget(m_arguments, 1);
    return form;
}

bool SendPage::isRequest() const
{
    return m_how->currentIndex() == 0;
}

void SendPage::setObject(const session::ObjectPlace &place)
{
    if (m_place.id != place.id) {
        ++m_asked;
        m_waiting = false;
        m_status->setText({});
        m_fields->setText({});
        m_answer->setMessage({});
    }
    m_place = place;
    refresh();
}

void SendPage::refresh()
{
    const bool runs = m_desk.runs(m_place.uniqueKey);
    const QString arguments = m_arguments->text().trimmed();
    const bool complete = isRequest() ? !m_path->text().isEmpty() : !m_method->text().isEmpty() && !m_arguments->problem() && (arguments.isEmpty() || arguments.startsWith(u'['));
    m_send->setEnabled(runs && complete && !m_waiting);
    if (!runs && !m_waiting) {
        m_status->setTone(Tone::Muted);
        m_status->setText(tr("The Worker that has the class does not run. Start the project to call its objects."));
    } else if (runs && !m_waiting && m_asked == 0) {
        m_status->setTone(Tone::Muted);
        m_status->setText(tr("The call makes the object, if it is not in memory."));
    }
}

ObjectCall SendPage::call() const
{
    ObjectCall call;
    if (!isRequest()) {
        call.how = ObjectCall::How::Method;
        call.method = toUtf8(m_method->text().trimmed());
        call.arguments = toUtf8(m_arguments->text().trimmed());
        return call;
    }
    call.method = toUtf8(m_verb->currentText());
    const std::string path = toUtf8(m_path->text().trimmed());
    call.url = path.find("://") != std::string::npos ? path : host + (path.starts_with('/') ? path : '/' + path);
    for (const QString &line : m_headers->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
        const qsizetype colon = line.indexOf(u':');
        if (colon > 0)
            call.headers.emplace_back(toUtf8(line.left(colon).trimmed()), toUtf8(line.mid(colon + 1).trimmed()));
    }
    call.body = toUtf8(m_body->toPlainText());
    return call;
}

void SendPage::send()
{
    if (!m_send->isEnabled())
        return;
    m_waiting = true;
    const std::uint64_t asked = ++m_asked;
    m_status->setTone(Tone::Muted);
    m_status->setText(tr("Waiting for the answer…"));
    m_fields->setText({});
    refresh();
    m_desk.call(m_place, call(), this, [this, asked](base::Result<ObjectAnswer> &&answer) {
        if (asked != m_asked)
            return;
        m_waiting = false;
        refresh();
        show(answer);
    });
}

void SendPage::show(const base::Result<ObjectAnswer> &answer)
{
    if (!answer || !answer->error.empty()) {
        m_status->setTone(Tone::Danger);
        m_status->setText(answer ? fromUtf8(answer->error) : formatError(answer.error()));
        m_answer->setMessage(answer ? tr("The call failed. Requests has its row, with the place in the source.") : QString());
        return;
    }
    const QString took = formatDuration(static_cast<std::uint32_t>(std::min<std::int64_t>(answer->tookUs, std::numeric_limits<std::uint32_t>::max())));
    QStringList parts;
    if (answer->status != 0)
        parts << QString::number(answer->status) + (answer->statusText.empty() ? QString() : u' ' + fromUtf8(answer->statusText));
    else
        parts << tr("Answered");
    parts << took;
    if (answer->cut)
        parts << tr("only the beginning is shown");
    m_status->setTone(answer->status >= 400 ? Tone::Danger : Tone::Success);
    m_status->setText(parts.join(u" · "_s));
    QStringList fields;
    for (const auto &[name, value] : answer->headers)
        fields << fromUtf8(name) + u": "_s + fromUtf8(value);
    m_fields->setText(fields.join(u"   "_s));
    if (answer->webSocket) {
        m_answer->setMessage(tr("It answered with a WebSocket, which was closed."));
        return;
    }
    const bool isRequestAnswer = answer->status != 0;
    ValueHint hint;
    hint.name = u"answer"_s;
    hint.contentType = isRequestAnswer ? contentTypeOf(*answer) : answer->isJson ? u"application/json"_s : u"text/javascript"_s;
    const std::string &text = isRequestAnswer ? answer->body : answer->value;
    if (text.empty())
        m_answer->setMessage(tr("The answer is empty."));
    else
        m_answer->setValue(std::make_shared<const std::string>(text), hint);
}

} // namespace cleat::ui
