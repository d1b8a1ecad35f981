// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/detail/bodycontent.h"
#include "ui/values/background.h"

#include <QWidget>

#include <optional>

class QListWidget;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace cleat::ui {

class ElideLabel;
class FieldsTable;
class ToneLabel;

/// A body, decoded: a form as a table, several parts as a list with each part's content, an event stream as its events, anything as text, JSON, bytes or a picture. GUI thread.
class BodyView final : public QWidget
{
    Q_OBJECT
public:
    explicit BodyView(QWidget *parent = nullptr);
    ~BodyView() override;

    /// The same bytes again change nothing; more of them keep the place.
    void setBody(RecordedBody body);
    /// Shows words in place of a body.
    void setMessage(const QString &message);
    bool isReading() const { return m_work.isRunning(); }
    const BodyContent &content() const { return m_content; }
    ValueView &value() { return *m_value; }
    FieldsTable &form() { return *m_form; }
    FieldsTable &events() { return *m_events; }
    QListWidget &parts() { return *m_parts; }
    ValueView &part() { return *m_part; }

private:
    void showTab(int tab);
    void prepare();
    void take(BodyContent &&content);
    void fillParts();
    void showPart(int row);
    QWidget *makeParts();

    std::optional<RecordedBody> m_body;
    std::optional<RecordedBody> m_next; ///< came while another was being prepared
    BodyContent m_content;
    BodyContent::Shape m_shape = BodyContent::Shape::Plain;
    ElideLabel *m_facts;
    ToneLabel *m_notes;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    ValueView *m_value;
    FieldsTable *m_form;
    FieldsTable *m_events;
    QSplitter *m_partsPage;
    QListWidget *m_parts;
    FieldsTable *m_partHead;
    ValueView *m_part;
    BackgroundWork m_work;
};

} // namespace cleat::ui
