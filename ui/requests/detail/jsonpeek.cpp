// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/jsonpeek.h"

#include "ui/requests/detail/secretmarks.h"
#include "ui/values/jsontree.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/jsontext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTreeView>

#include <nlohmann/json.hpp>

namespace cleat::ui {

namespace {

bool isTree(const std::string &json)
{
    const std::size_t first = json.find_first_not_of(" \t\r\n");
    return first != std::string::npos && (json[first] == '{' || json[first] == '[') && nlohmann::json::accept(json);
}

} // namespace

JsonPeek::JsonPeek(const QString &name, QWidget *parent) : QWidget(parent), m_pages(new QStackedWidget), m_tree(new JsonTree), m_text(makeCodeView())
{
    m_tree->view().setAccessibleName(name);
    m_text->setAccessibleName(name);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setFrameShape(QFrame::NoFrame);
    m_pages->setMinimumSize(60, 40); // it shares small panes
    m_pages->addWidget(m_text);
    m_pages->addWidget(m_tree);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
}

void JsonPeek::setJson(const std::string &json)
{
    if (json == m_json && !json.empty())
        return;
    m_json = json;
    m_shown = json;
    // A text without its quotes, and JSON that is inside of it as what it is.
    if (json.starts_with('"')) {
        if (const auto value = nlohmann::json::parse(json, nullptr, false); value.is_string())
            m_shown = value.get<std::string>();
    }
    if (isTree(m_shown)) {
        m_tree->setBytes(std::make_shared<const std::string>(m_shown));
        m_pages->setCurrentWidget(m_tree);
        return;
    }
    m_text->setPlainText(fromUtf8(m_shown));
    QList<QTextEdit::ExtraSelection> marks;
    for (const SecretMark &mark : secretMarks(m_text->toPlainText())) {
        QTextEdit::ExtraSelection one;
        one.cursor = QTextCursor(m_text->document());
        one.cursor.setPosition(static_cast<int>(mark.begin));
        one.cursor.setPosition(static_cast<int>(mark.begin + mark.length), QTextCursor::KeepAnchor);
        one.format = secretFormat(palette());
        marks.append(one);
    }
    m_text->setExtraSelections(marks);
    m_pages->setCurrentWidget(m_text);
}

void JsonPeek::setNote(const QString &text, Note note)
{
    m_json.clear();
    m_shown = toUtf8(text);
    QTextCharFormat ink;
    ink.setForeground(note == Note::Error ? colors(palette()).danger : colors(palette()).muted);
    m_text->clear();
    m_text->setExtraSelections({});
    QTextCursor cursor(m_text->document());
    cursor.insertText(text, ink);
    m_text->moveCursor(QTextCursor::Start);
    m_pages->setCurrentWidget(m_text);
}

QString JsonPeek::text() const
{
    return showsTree() ? formatJson(fromUtf8(m_shown)) : fromUtf8(m_shown);
}

bool JsonPeek::showsTree() const
{
    return m_pages->currentWidget() == m_tree;
}

} // namespace cleat::ui
