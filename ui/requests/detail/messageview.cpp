// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/messageview.h"

#include "core/data/content/fields.h"
#include "core/events/masking.h"
#include "ui/requests/detail/bodyview.h"
#include "ui/requests/detail/fieldstable.h"
#include "ui/requests/detail/jsonpeek.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QSplitter>
#include <QTabWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace content = data::content;
using Fields = std::vector<FieldsModel::Field>;
using Seen = FieldsModel::Field::Seen;

namespace {

Fields headerFields(const content::Head &head)
{
    Fields fields;
    for (const content::NamedValue &field : head.fields)
        fields.push_back({fromUtf8(field.name), fromUtf8(field.value), events::isSensitiveField(field.name) ? Seen::WhenAsked : Seen::Always, {}});
    return fields;
}

Fields queryFields(std::string_view target)
{
    Fields fields;
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos)
        return fields;
    target.remove_prefix(mark + 1);
    for (const content::NamedValue &pair : content::parseUrlEncoded(target.substr(0, target.find('#'))))
        fields.push_back({fromUtf8(pair.name), fromUtf8(pair.value), Seen::Always, {}});
    return fields;
}

Fields cookieFields(const content::Head &head)
{
    Fields fields;
    for (const content::NamedValue &field : head.fields) {
        if (content::sameName(field.name, "cookie")) {
            for (const content::NamedValue &cookie : content::parseCookies(field.value))
                fields.push_back({fromUtf8(cookie.name), fromUtf8(cookie.value), Seen::WhenAsked, {}});
        } else if (content::sameName(field.name, "set-cookie")) {
            const content::SetCookie set = content::parseSetCookie(field.value);
            fields.push_back({fromUtf8(set.cookie.name), fromUtf8(set.cookie.value), Seen::WhenAsked, fromUtf8(set.attributes)});
        }
    }
    return fields;
}

/// The last piece of the path.
QString fileName(const std::string &target)
{
    const std::string_view path = std::string_view(target).substr(0, target.find_first_of("?#"));
    const std::string name = content::percentDecoded(path.substr(path.rfind('/') + 1), content::Plus::Plain);
    return name.empty() ? u"body"_s : fromUtf8(name);
}

} // namespace

MessageView::MessageView(Half half, QWidget *parent)
    : QWidget(parent), m_half(half), m_start(new ElideLabel(Qt::ElideMiddle)), m_splitter(new QSplitter(Qt::Vertical)), m_tabs(new FlatTabs),
      m_headers(new FieldsTable(half == Half::Request ? tr("Request headers") : tr("Response headers"), tr("Nothing has been recorded of it."))),
      m_query(new FieldsTable(tr("Query parameters"), {})), m_cookies(new FieldsTable(tr("Cookies"), {})), m_cf(new JsonPeek(u"cf"_s)), m_body(new BodyView)
{
    m_start->setFont(monospaceFont());
    m_start->setTone(Tone::Muted);
    m_tabs->setDocumentMode(true);
    for (QWidget *page : {static_cast<QWidget *>(m_query), static_cast<QWidget *>(m_cookies), static_cast<QWidget *>(m_cf)}) {
        page->setParent(this);
        page->hide();
    }
    m_tabs->addTab(m_headers, tr("Headers"));
    m_splitter->addWidget(m_tabs);
    m_splitter->addWidget(m_body);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({500, 500});
    auto *top = new QHBoxLayout;
    top->setContentsMargins(10, 5, 10, 1);
    top->addWidget(m_start);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(top);
    all->addWidget(m_splitter, 1);
}

void MessageView::setTab(QWidget *page, const QString &title, std::size_t count)
{
    int at = m_tabs->indexOf(page);
    if (count == 0) {
        if (at >= 0) {
            m_tabs->removeTab(at);
            page->setParent(this);
            page->hide();
        }
        return;
    }
    const QString text = count > 1 || page != m_cf ? u"%1 (%2)"_s.arg(title).arg(count) : title;
    if (at < 0) {
        // Always in the same order.
        int place = 0;
        for (QWidget *before : {static_cast<QWidget *>(m_headers), static_cast<QWidget *>(m_query), static_cast<QWidget *>(m_cookies)}) {
            if (before == page)
                break;
            place += m_tabs->indexOf(before) >= 0;
        }
        at = m_tabs->insertTab(place, page, text);
    }
    if (m_tabs->tabText(at) != text)
        m_tabs->setTabText(at, text);
}

void MessageView::setRecord(const events::RequestRecord &record)
{
    const events::ContentEvent &wire = record.content;
    const bool request = m_half == Half::Request;
    const content::Head head = content::parseHead(request ? wire.requestHead : wire.responseHead);
    const QString start = request ? fromUtf8(record.request.method) + u' ' + fromUtf8(record.request.target) : fromUtf8(head.startLine);
    m_start->setText(start);
    m_start->setVisible(!start.isEmpty());
    m_headers->setFields(headerFields(head));
    m_tabs->setTabText(m_tabs->indexOf(m_headers), head.fields.empty() ? tr("Headers") : u"%1 (%2)"_s.arg(tr("Headers")).arg(head.fields.size()));
    Fields cookies = cookieFields(head);
    Fields query = request ? queryFields(record.request.target) : Fields();
    setTab(m_query, tr("Query"), query.size());
    setTab(m_cookies, tr("Cookies"), cookies.size());
    setTab(m_cf, u"cf"_s, request && !wire.cf.empty() ? 1 : 0);
    m_query->setFields(std::move(query));
    m_cookies->setFields(std::move(cookies));
    if (request && !wire.cf.empty())
        m_cf->setJson(wire.cf);

    const std::string &bytes = request ? wire.requestBody : wire.responseBody;
    const std::uint64_t whole = request ? record.request.requestBytes : record.request.responseBytes;
    if (!bytes.empty()) {
        m_body->setBody({.bytes = std::make_shared<const std::string>(bytes), .wholeSize = whole, .head = head, .name = fileName(record.request.target)});
        return;
    }
    const bool running = record.request.state == events::RequestState::Running;
    m_body->setMessage(whole > 0 ? tr("The body of %1 was not recorded.").arg(formatBytes(whole))
            : request            ? tr("The request has no body.")
            : running            ? tr("No body yet: the request is running.")
                                 : tr("The response has no body."));
}

void MessageView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_splitter->setOrientation(width() >= 520 ? Qt::Horizontal : Qt::Vertical);
}

} // namespace cleat::ui
