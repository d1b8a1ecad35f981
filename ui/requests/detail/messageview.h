// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"

#include <QWidget>

class QSplitter;
class QTabWidget;

namespace cleat::ui {

class BodyView;
class ElideLabel;
class FieldsTable;
class JsonPeek;

/// One half of a request, as it went over the wire: fields, query, cookies, cf; and the body. GUI thread.
class MessageView final : public QWidget
{
    Q_OBJECT
public:
    enum class Half { Request, Response };
    explicit MessageView(Half half, QWidget *parent = nullptr);

    void setRecord(const events::RequestRecord &record);
    /// "Headers", "Query", "Cookies", "cf"; those that have nothing to say are not there.
    QTabWidget &tabs() { return *m_tabs; }
    FieldsTable &headers() { return *m_headers; }
    FieldsTable &query() { return *m_query; }
    FieldsTable &cookies() { return *m_cookies; }
    BodyView &body() { return *m_body; }
    QSplitter &splitter() { return *m_splitter; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setTab(QWidget *page, const QString &title, std::size_t count);

    const Half m_half;
    ElideLabel *m_start;
    QSplitter *m_splitter;
    QTabWidget *m_tabs;
    FieldsTable *m_headers;
    FieldsTable *m_query;
    FieldsTable *m_cookies;
    JsonPeek *m_cf;
    BodyView *m_body;
};

} // namespace cleat::ui
