// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/comparedialog.h"

#include "ui/requests/detail/bodycontent.h"
#include "ui/values/valuekind.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/jsontext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int sameRole = Qt::UserRole;

/// What two bodies have become, line by line; or why there is nothing to show.
struct BodyDiff {
    std::vector<DiffLine> lines;
    QString note;
};

RecordedBody bodyOf(const events::RequestRecord &record, bool request)
{
    const events::ContentEvent &wire = record.content;
    return {.bytes = std::make_shared<const std::string>(request ? wire.requestBody : wire.responseBody), .wholeSize = request ? record.request.requestBytes : record.request.responseBytes,
        .head = data::content::parseHead(request ? wire.requestHead : wire.responseHead), .name = {}};
}

BodyDiff diffOf(const RecordedBody &a, const RecordedBody &b)
{
    const BodyContent left = prepareBody(a);
    const BodyContent right = prepareBody(b);
    if (*left.bytes == *right.bytes)
        return {.lines = {}, .note = left.bytes->empty() ? CompareDialog::tr("Both have no body.") : CompareDialog::tr("Both bodies are the same: %1.").arg(formatBytes(left.bytes->size()))};
    using Nature = ValueKind::Nature;
    const Nature one = valueKind(*left.bytes, left.hint).nature;
    const Nature two = valueKind(*right.bytes, right.hint).nature;
    const auto isText = [](Nature nature) { return nature == Nature::Text || nature == Nature::Json || nature == Nature::Empty; };
    if (!isText(one) || !isText(two))
        return {.lines = {}, .note = CompareDialog::tr("The bodies differ, and are no text: %1 and %2.").arg(formatBytes(left.bytes->size()), formatBytes(right.bytes->size()))};
    // Laid out alike: else a whole JSON body is one line.
    if (one == Nature::Json && two == Nature::Json)
        return {.lines = diffLines(toUtf8(formatJson(fromUtf8(*left.bytes))), toUtf8(formatJson(fromUtf8(*right.bytes)))), .note = CompareDialog::tr("The bodies differ in their layout alone.")};
    return {.lines = diffLines(*left.bytes, *right.bytes), .note = {}};
}

QString titleOf(const events::RequestRecord &record)
{
    return oneLine(u"%1 %2 · %3"_s.arg(fromUtf8(record.request.method), fromUtf8(record.request.target), formatTime(record.request.startUs)), 100);
}

} // namespace

CompareDialog::CompareDialog(events::RequestRecord left, events::RequestRecord right, QWidget *parent)
    : QDialog(parent), m_left(std::move(left)), m_right(std::move(right)), m_tabs(new FlatTabs), m_rows(new QTreeWidget), m_only(new QCheckBox(tr("Only &differences"))),
      m_requestBody(new DiffView), m_responseBody(new DiffView)
{
    setWindowTitle(tr("Compare two requests"));
    m_rows->setColumnCount(3);
    m_rows->setHeader(new FlatHeader(m_rows));
    m_rows->setHeaderLabels({tr("What"), titleOf(m_left), titleOf(m_right)});
    m_rows->setFrameShape(QFrame::NoFrame);
    m_rows->setUniformRowHeights(true);
    m_rows->setRootIsDecorated(false);
    m_rows->setIndentation(12);
    m_rows->setAllColumnsShowFocus(true);
    m_rows->setItemsExpandable(false);
    m_rows->setTabKeyNavigation(false);
    m_rows->setAccessibleName(tr("What the two requests have in common and where they differ"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_rows, tr("Overview"));
    m_tabs->addTab(m_requestBody, tr("Request body"));
    m_tabs->addTab(m_responseBody, tr("Response body"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(10, 6, 10, 8);
    bottom->addWidget(m_only);
    bottom->addStretch(1);
    bottom->addWidget(buttons);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_tabs, 1);
    all->addLayout(bottom);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_only, &QCheckBox::toggled, this, &CompareDialog::hideSame);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) { m_only->setVisible(tab == 0); });
    fill(compareRecords(m_left, m_right));
    compareBodies(1, m_requestBodies, *m_requestBody);
    compareBodies(2, m_responseBodies, *m_responseBody);
    resize(900, 560);
}

CompareDialog::~CompareDialog() = default;

void CompareDialog::fill(const Comparison &comparison)
{
    QFont strong = font();
    strong.setBold(true);
    for (const Comparison::Section &section : comparison.sections) {
        auto *top = new QTreeWidgetItem(m_rows, {section.title});
        top->setFont(0, strong);
        top->setFirstColumnSpanned(true);
        top->setFlags(Qt::ItemIsEnabled);
        for (const Comparison::Row &row : section.rows) {
            auto *item = new QTreeWidgetItem(top, {row.name, oneLine(row.left), oneLine(row.right)});
            item->setData(0, sameRole, row.same);
            if (!row.left.isEmpty())
                item->setToolTip(1, u"<p>"_s + oneLine(row.left, 1000).toHtmlEscaped() + u"</p>"_s);
            if (!row.right.isEmpty())
                item->setToolTip(2, u"<p>"_s + oneLine(row.right, 1000).toHtmlEscaped() + u"</p>"_s);
            item->setData(0, Qt::AccessibleTextRole, row.same ? tr("%1, the same").arg(row.name) : tr("%1, different").arg(row.name));
        }
    }
    m_rows->expandAll();
    m_rows->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_rows->header()->setStretchLastSection(true);
    m_rows->header()->resizeSection(0, 240);
    m_rows->header()->resizeSection(1, 320);
    color();
}

void CompareDialog::color()
{
    for (int i = 0; i < m_rows->topLevelItemCount(); ++i) {
        QTreeWidgetItem *section = m_rows->topLevelItem(i);
        for (int j = 0; j < section->childCount(); ++j) {
            QTreeWidgetItem *row = section->child(j);
            const bool same = row->data(0, sameRole).toBool();
            for (int column = 0; column < 3; ++column) {
                row->setForeground(column, same ? colors(palette()).muted : palette().color(QPalette::Text));
                const QColor back = row->text(column).isEmpty() ? QColor() : column == 1 ? colors(palette()).removedBack : colors(palette()).addedBack;
                row->setBackground(column, same || column == 0 || !back.isValid() ? QBrush() : QBrush(back));
            }
        }
    }
}

void CompareDialog::hideSame()
{
    const bool only = m_only->isChecked();
    for (int i = 0; i < m_rows->topLevelItemCount(); ++i) {
        QTreeWidgetItem *section = m_rows->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < section->childCount(); ++j) {
            const bool hidden = only && section->child(j)->data(0, sameRole).toBool();
            section->child(j)->setHidden(hidden);
            any = any || !hidden;
        }
        section->setHidden(!any);
    }
}

void CompareDialog::compareBodies(int tab, BackgroundWork &work, DiffView &view)
{
    view.setNote(tr("Comparing…"));
    const bool request = tab == 1;
    work.start([a = bodyOf(m_left, request), b = bodyOf(m_right, request)](const std::stop_token &) { return diffOf(a, b); },
        [this, tab, &view](BodyDiff &&diff) {
            const bool differ = !diff.lines.empty();
            if (differ)
                view.setDiff(std::move(diff.lines));
            else
                view.setNote(diff.note);
            if (differ)
                m_tabs->setTabText(tab, m_tabs->tabText(tab) + u" ≠"_s);
        });
}

void CompareDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_rows->topLevelItemCount() > 0)
        color();
}

} // namespace cleat::ui
