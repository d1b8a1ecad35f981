// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/kindpicker.h"

#include "core/config/bindingkinds.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/kindtexts.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;

namespace {

constexpr int iconSide = 20;
constexpr int margin = 10;
constexpr int leastCell = 240;

enum Role { SortRole = Qt::UserRole, KindRole, DescriptionRole, WordsRole, IconRole };

/// An icon, a title, and below it what it is for or why it cannot be chosen.
class KindDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override { return index.data(Qt::SizeHintRole).toSize(); }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool usable = index.flags() & Qt::ItemIsEnabled;
        const bool selected = option.state & QStyle::State_Selected;
        const QRectF tile = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
        const Colors &c = colors(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(selected ? c.accent : c.border);
        const QColor base = option.palette.color(QPalette::Base);
        painter->setBrush(selected ? mixed(c.accent, base, 0.12) : option.state & QStyle::State_MouseOver && usable ? mixed(c.accent, base, 0.05) : base);
        painter->drawRoundedRect(tile, 4, 4);

        const QIcon picture = icon(QLatin1StringView(index.data(IconRole).toByteArray()), Tone::Accent);
        const QRect inner = option.rect.adjusted(margin + 3, margin - 2, -margin, 2 - margin);
        picture.paint(painter, QRect(inner.left(), inner.center().y() - iconSide / 2, iconSide, iconSide), Qt::AlignCenter, usable ? QIcon::Normal : QIcon::Disabled);
        QRect line(inner.left() + iconSide + margin, inner.top(), inner.width() - iconSide - margin, inner.height() / 2);
        const QColor disabled = option.palette.color(QPalette::Disabled, QPalette::WindowText);
        painter->setFont(headingFont());
        painter->setPen(usable ? option.palette.color(QPalette::Text) : disabled);
        const QFontMetrics bold(headingFont());
        painter->drawText(line, Qt::AlignLeft | Qt::AlignBottom, bold.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, line.width()));
        line.translate(0, line.height());
        painter->setFont(option.font);
        painter->setPen(usable ? c.muted : disabled);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignTop, option.fontMetrics.elidedText(index.data(DescriptionRole).toString(), Qt::ElideRight, line.width()));
        painter->restore();
    }
};

QListWidgetItem *makeItem(EntryDraft::Sort sort, const QString &title, const QString &description, QLatin1StringView iconName, const QStringList &words)
{
    auto *item = new QListWidgetItem(title);
    item->setData(SortRole, static_cast<int>(sort));
    item->setData(DescriptionRole, description);
    item->setData(IconRole, QByteArray(iconName.data(), iconName.size()));
    item->setData(WordsRole, words);
    item->setToolTip(description);
    item->setData(Qt::AccessibleDescriptionRole, description);
    return item;
}

/// The name it has in the set in effect, if the kind is bound there.
std::optional<std::string> boundAs(const config::WranglerConfig &config, Scope scope, Kind kind)
{
    const auto &bindings = config.effective(scope).bindings;
    const auto found = std::ranges::find_if(bindings, [kind](const auto &placed) { return placed.value.kind == kind; });
    return found == bindings.end() ? std::nullopt : std::optional(found->value.name);
}

/// 0: not at all; the more, the better.
int match(const QListWidgetItem &item, const QString &wanted)
{
    const QString title = item.text();
    if (title.startsWith(wanted, Qt::CaseInsensitive))
        return 5;
    if (title.contains(wanted, Qt::CaseInsensitive))
        return 4;
    const QStringList words = item.data(WordsRole).toStringList();
    if (words.contains(wanted, Qt::CaseInsensitive))
        return 3;
    if (std::ranges::any_of(words, [&wanted](const QString &word) { return word.startsWith(wanted, Qt::CaseInsensitive); }))
        return 2;
    return item.data(DescriptionRole).toString().contains(wanted, Qt::CaseInsensitive) ? 1 : 0;
}

} // namespace

KindPicker::KindPicker(QWidget *parent) : QWidget(parent), m_search(new QLineEdit), m_list(new QListWidget), m_nothing(new ToneLabel({}, Tone::Muted))
{
    m_search->setPlaceholderText(tr("Search: a kind, or what you know it as (redis, s3, postgres)"));
    m_search->setAccessibleName(tr("Search kinds"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);

    m_list->setAccessibleName(tr("Kinds"));
    m_list->setViewMode(QListView::IconMode);
    m_list->setMovement(QListView::Static);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setItemDelegate(new KindDelegate(m_list));
    m_list->installEventFilter(this);

    for (const Kind kind : kindsInOrder()) {
        const config::BindingKind &description = config::bindingKind(kind);
        QStringList words = kindSearchWords(kind);
        words << fromUtf8(description.key);
        auto *item = makeItem(EntryDraft::Sort::Binding, kindTitle(kind), kindDescription(kind), kindIcon(kind), words);
        item->setData(KindRole, static_cast<int>(kind));
        m_list->addItem(item);
    }
    m_list->addItem(makeItem(EntryDraft::Sort::Variable, tr("Variable"), tr("A text or a JSON value"), "type"_L1,
                             {u"vars"_s, u"environment variable"_s, u"env"_s, u"json"_s, u"text"_s, u"plaintext"_s, u"setting"_s}));
    m_list->addItem(makeItem(EntryDraft::Sort::Secret, tr("Secret"), tr("A text in the system keychain"), "lock"_L1,
                             {u"encrypt"_s, u"password"_s, u"api key"_s, u"token"_s, u"credential"_s, u".dev.vars"_s, u"keychain"_s}));

    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_search);
    column->addWidget(m_nothing, 1);
    column->addWidget(m_list, 1);
    setFocusProxy(m_search);
    connect(m_search, &QLineEdit::textChanged, this, &KindPicker::filter);
    connect(m_list, &QListWidget::itemClicked, this, &KindPicker::choose);
    filter();
}

void KindPicker::refresh(const config::WranglerConfig &config)
{
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        if (static_cast<EntryDraft::Sort>(item->data(SortRole).toInt()) != EntryDraft::Sort::Binding)
            continue;
        const auto kind = static_cast<Kind>(item->data(KindRole).toInt());
        if (config::bindingKind(kind).form == config::BindingKind::Form::List)
            continue;
        const auto name = boundAs(config, Scope::TopLevel, kind);
        const bool everywhere = name && boundAs(config, Scope::Preview, kind) && boundAs(config, Scope::Production, kind);
        const QString text = everywhere ? tr("Bound already, as %1: once is all").arg(fromUtf8(*name)) : kindDescription(kind);
        item->setFlags(everywhere ? Qt::NoItemFlags : Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        item->setData(DescriptionRole, text);
        item->setToolTip(everywhere ? tr("%1 can be bound once only, and has the name %2 everywhere already.").arg(kindTitle(kind), fromUtf8(*name)) : text);
    }
    filter();
}

void KindPicker::filter()
{
    const QString wanted = m_search->text().trimmed();
    QListWidgetItem *best = nullptr;
    int score = 0;
    int shown = 0;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        const int points = wanted.isEmpty() ? 1 : match(*item, wanted);
        item->setHidden(points == 0);
        shown += points > 0 ? 1 : 0;
        if (points > score && item->flags() & Qt::ItemIsEnabled) {
            best = item;
            score = points;
        }
    }
    m_list->setCurrentItem(best);
    m_list->setVisible(shown > 0);
    m_nothing->setVisible(shown == 0);
    m_nothing->setText(tr("No kind of binding is called “%1”.").arg(wanted));
}

void KindPicker::choose()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item || item->isHidden() || !(item->flags() & Qt::ItemIsEnabled))
        return;
    Q_EMIT chosen({static_cast<EntryDraft::Sort>(item->data(SortRole).toInt()), static_cast<Kind>(item->data(KindRole).toInt())});
}

void KindPicker::fitGrid()
{
    // The bar is there or not before the layout, which would leave room for it otherwise.
    const int full = m_list->width();
    const int bar = m_list->verticalScrollBar()->sizeHint().width();
    const int least = std::max(1, full / leastCell);
    const int height = m_list->fontMetrics().height() * 2 + margin * 2 + 4;
    const bool fits = (m_list->count() + least - 1) / least * height <= m_list->height();
    const int width = fits ? full : full - bar;
    const int columns = std::max(1, width / leastCell);
    m_list->setVerticalScrollBarPolicy(fits ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAlwaysOn);
    const QSize cell((width - 1) / columns, height);
    if (m_list->gridSize() == cell)
        return;
    m_list->setGridSize(cell);
    for (int row = 0; row < m_list->count(); ++row)
        m_list->item(row)->setSizeHint(cell);
}

void KindPicker::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fitGrid();
}

bool KindPicker::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::Resize)
        fitGrid();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *press = static_cast<QKeyEvent *>(event);
    if (press->key() == Qt::Key_Return || press->key() == Qt::Key_Enter) {
        choose();
        return true;
    }
    if (watched == m_search) {
        const bool sideways = press->key() == Qt::Key_Left || press->key() == Qt::Key_Right;
        const bool move = press->key() == Qt::Key_Down || press->key() == Qt::Key_Up || (sideways && m_search->text().isEmpty());
        if (move && m_list->isVisible()) {
            m_list->setFocus(Qt::OtherFocusReason);
            QKeyEvent again(press->type(), press->key(), press->modifiers());
            QCoreApplication::sendEvent(m_list, &again);
            return true;
        }
    } else if (watched == m_list && (press->key() == Qt::Key_Backspace || (!press->text().isEmpty() && press->text().front().isPrint() && press->key() != Qt::Key_Space))) {
        m_search->setFocus(Qt::OtherFocusReason);
        QKeyEvent again(press->type(), press->key(), press->modifiers(), press->text());
        QCoreApplication::sendEvent(m_search, &again);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace cleat::ui
