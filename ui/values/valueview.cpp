// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/valueview.h"

#include "ui/values/hexview.h"
#include "ui/values/imageview.h"
#include "ui/values/jsontree.h"
#include "ui/values/textview.h"
#include "ui/values/utf8.h"
#include "ui/values/valuefindbar.h"
#include "ui/values/valuekind.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCryptographicHash>
#include <QFileDialog>
#include <QLocale>
#include <QSaveFile>
#include <QSettings>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t checkedAtOnce = 64 * 1024;
constexpr std::array forms = {ValueForm::Text, ValueForm::Json, ValueForm::Hex, ValueForm::Image};

QString settingsKey(const ValueHint &hint, ValueKind::Nature nature)
{
    const QByteArray group = QCryptographicHash::hash(hint.group.toUtf8(), QCryptographicHash::Md5).toHex().left(12);
    return u"values/form/%1-%2"_s.arg(QString::fromLatin1(group)).arg(static_cast<int>(nature));
}

QToolButton *makeTool(QLatin1StringView iconName, const QString &tip)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName, Tone::Muted));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

class ValueView::Private
{
public:
    explicit Private(ValueView &view);

    void build();
    Findable *findable() const;
    void feed(ValueForm form);
    void showForm(ValueForm form);
    void chosen(int tab);
    void check();
    void jsonRead();
    void refreshSummary();
    void refreshTools();
    void refreshTabs();
    void save(const QString &path);

    ValueView &q;
    FlatTabBar *tabs = new FlatTabBar;
    QHBoxLayout *tabRow = new QHBoxLayout;
    ValueFindBar *find = new ValueFindBar;
    MessageBar *message = new MessageBar(MessageBar::Closing::ByUser);
    QStackedWidget *pages = new QStackedWidget;
    ToneLabel *nothing = new ToneLabel({}, Tone::Muted);
    TextView *text = new TextView;
    JsonTree *json = new JsonTree;
    HexView *hex = new HexView;
    ImageView *image = new ImageView;
    QWidget *foot = new QWidget;
    ElideLabel *summaryLabel = new ElideLabel;
    QToolButton *wrap = makeTool("wrap-text"_L1, tr("Wrap long lines"));
    QToolButton *unfold = makeTool("unfold-vertical"_L1, tr("Unfold all"));
    QToolButton *zoom = makeTool("scan"_L1, tr("Every pixel (100 %)"));
    QToolButton *search = makeTool("search"_L1, tr("Find (Ctrl+F)"));
    QToolButton *copyTool = makeTool("copy"_L1, tr("Copy"));
    QToolButton *saveTool = makeTool("save"_L1, tr("Save as…"));

    ValueBytes bytes;
    ValueHint hint;
    ValueKind kind;
    ValueForm form = ValueForm::Text;
    std::array<bool, 4> fed = {};
    bool keepPlace = false;
    bool formIsChosen = false; ///< by the user, now or for values like this one
    std::optional<std::size_t> invalidAt; ///< where it stops being UTF-8
    QString note; ///< why it is not shown as it seems to be
    QString summaryText;
    BackgroundWork checking;
    BackgroundWork saving;
};

ValueView::Private::Private(ValueView &view) : q(view)
{
    build();
}

void ValueView::Private::build()
{
    for (const QString &title : {tr("Text"), tr("JSON"), tr("Hex"), tr("Image")})
        tabs->addTab(title);
    tabs->setAccessibleName(tr("Show the value as"));
    tabs->setUsesScrollButtons(false);
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setWordWrap(true);
    nothing->setMargin(16);
    for (QWidget *page : std::initializer_list<QWidget *>{text, json, hex, image, nothing})
        pages->addWidget(page);
    summaryLabel->setTone(Tone::Muted);
    wrap->setCheckable(true);
    wrap->setChecked(true);
    zoom->setCheckable(true);

    tabRow->setContentsMargins(4, 0, 6, 0);
    tabRow->setSpacing(4);
    tabRow->addWidget(tabs);
    tabRow->addStretch(1);
    auto *footRow = new QHBoxLayout(foot);
    footRow->setContentsMargins(8, 2, 6, 2);
    footRow->setSpacing(2);
    footRow->addWidget(summaryLabel, 1);
    for (QToolButton *tool : {wrap, unfold, zoom, search, copyTool, saveTool})
        footRow->addWidget(tool);
    auto *column = new QVBoxLayout(&q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(tabRow);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(find);
    column->addWidget(message);
    column->addWidget(pages, 1);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(foot);

    connect(tabs, &QTabBar::tabBarClicked, &q, [this](int tab) { chosen(tab); });
    connect(tabs, &QTabBar::currentChanged, &q, [this](int tab) {
        if (tab >= 0 && forms[static_cast<std::size_t>(tab)] != form)
            chosen(tab);
    });
    connect(json, &JsonTree::read, &q, [this] { jsonRead(); });
    connect(json, &JsonTree::placeWanted, &q, [this](std::size_t offset) {
        showForm(ValueForm::Text);
        text->select(offset, std::min(offset + 1, bytes->size()));
        text->setFocus(Qt::OtherFocusReason);
    });
    connect(image, &ImageView::factsChanged, &q, [this] {
        refreshSummary();
        refreshTools();
    });
    connect(find, &ValueFindBar::closed, &q, [this] { pages->currentWidget()->setFocus(Qt::OtherFocusReason); });
    connect(wrap, &QToolButton::toggled, &q, [this](bool on) { text->setWrap(on ? TextView::Wrap::On : TextView::Wrap::Off); });
    connect(unfold, &QToolButton::clicked, json, &JsonTree::expandAll);
    connect(zoom, &QToolButton::toggled, &q, [this](bool on) { image->setZoom(on ? ImageView::Zoom::Whole : ImageView::Zoom::Fit); });
    connect(search, &QToolButton::clicked, &q, &ValueView::openFind);
    connect(copyTool, &QToolButton::clicked, &q, &ValueView::copy);
    connect(saveTool, &QToolButton::clicked, &q, &ValueView::saveAs);
    for (const QKeySequence &keys : {QKeySequence(QKeySequence::Find), QKeySequence(Qt::Key_F3)}) {
        auto *shortcut = new QShortcut(keys, &q);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, &q, &ValueView::openFind);
    }
}

Findable *ValueView::Private::findable() const
{
    if (!bytes)
        return nullptr;
    switch (form) {
    case ValueForm::Text:
        return text;
    case ValueForm::Json:
        return json;
    case ValueForm::Hex:
        return hex;
    case ValueForm::Image:
        return nullptr;
    }
    return nullptr;
}

/// A form gets the value when it is to be seen for the first time.
void ValueView::Private::feed(ValueForm wanted)
{
    bool &done = fed[static_cast<std::size_t>(wanted)];
    if (done || !bytes)
        return;
    done = true;
    switch (wanted) {
    case ValueForm::Text:
        text->setBytes(bytes, keepPlace ? TextView::Place::Keep : TextView::Place::Start);
        break;
    case ValueForm::Json:
        json->setBytes(bytes);
        break;
    case ValueForm::Hex:
        hex->setBytes(bytes, keepPlace ? HexView::Place::Keep : HexView::Place::Start);
        break;
    case ValueForm::Image:
        image->setBytes(bytes);
        break;
    }
}

void ValueView::Private::showForm(ValueForm wanted)
{
    const bool other = form != wanted;
    form = wanted;
    {
        const QSignalBlocker quiet(tabs); // that a tab comes or goes is no choice of the user's
        refreshTabs();
        tabs->setCurrentIndex(static_cast<int>(wanted));
    }
    if (bytes) {
        pages->setCurrentIndex(static_cast<int>(wanted));
        feed(wanted);
    }
    find->setTarget(findable(), form == ValueForm::Hex ? ValueFindBar::Bytes::Yes : ValueFindBar::Bytes::No);
    q.setFocusProxy(bytes ? pages->currentWidget() : static_cast<QWidget *>(tabs));
    refreshTools();
    refreshSummary();
    if (other && form == wanted) // what is no JSON after all is shown as text by now
        Q_EMIT q.formChanged(wanted);
}

void ValueView::Private::chosen(int tab)
{
    if (tab < 0)
        return;
    formIsChosen = true;
    const ValueForm wanted = forms[static_cast<std::size_t>(tab)];
    if (bytes && !hint.group.isEmpty()) {
        QSettings settings;
        if (wanted == kind.form())
            settings.remove(settingsKey(hint, kind.nature));
        else
            settings.setValue(settingsKey(hint, kind.nature), static_cast<int>(wanted));
    }
    showForm(wanted);
}

/// What the first bytes promise need not hold to the end.
void ValueView::Private::check()
{
    checking.drop();
    invalidAt.reset();
    if (kind.nature != ValueKind::Nature::Text && kind.nature != ValueKind::Nature::Json)
        return;
    const Utf8End end = hint.wholeSize > bytes->size() ? Utf8End::MayBeCut : Utf8End::Whole;
    if (bytes->size() <= checkedAtOnce)
        return; // valueKind() has seen all of it
    checking.start([bytes = bytes, end](std::stop_token stop) { return utf8ValidUntil(*bytes, end, stop); },
        [this](std::size_t valid) {
            if (valid == bytes->size())
                return;
            invalidAt = valid;
            if (!formIsChosen && form == ValueForm::Text)
                showForm(ValueForm::Hex);
            refreshSummary();
        });
}

void ValueView::Private::jsonRead()
{
    const auto &index = json->model().jsonIndex();
    note.clear();
    if (index && index->problem() && !index->problem()->tooMany)
        note = tr("no valid JSON: line %L1, column %L2").arg(index->problem()->line).arg(index->problem()->column);
    if (index && index->problem() && !formIsChosen && form == ValueForm::Json)
        showForm(ValueForm::Text);
    refreshTools();
    refreshSummary();
}

void ValueView::Private::refreshSummary()
{
    QStringList parts;
    if (bytes) {
        if (form == ValueForm::Image && !image->facts().isEmpty())
            parts << image->facts();
        else
            parts << kind.name;
        if (hint.wholeSize > bytes->size())
            parts << tr("the first %1 of %2").arg(formatBytes(bytes->size()), formatBytes(hint.wholeSize));
        else if (!bytes->empty())
            parts << formatBytes(bytes->size());
        if (invalidAt)
            parts << tr("not UTF-8 from byte %L1 on").arg(*invalidAt);
        if (!note.isEmpty())
            parts << note;
        if (form == ValueForm::Json && json->isReading())
            parts << tr("reading…");
    }
    const QString now = parts.join(u" · "_s);
    if (now == summaryText)
        return;
    summaryText = now;
    summaryLabel->setText(now);
    summaryLabel->setTone(note.isEmpty() && !invalidAt ? Tone::Muted : Tone::Warning);
    summaryLabel->setToolTip(bytes ? tr("%n byte(s)", nullptr, static_cast<int>(bytes->size())) : QString());
    Q_EMIT q.summaryChanged(now);
}

void ValueView::Private::refreshTools()
{
    const bool any = bytes && !bytes->empty();
    const bool partial = bytes && hint.wholeSize > bytes->size();
    wrap->setVisible(form == ValueForm::Text);
    unfold->setVisible(form == ValueForm::Json);
    zoom->setVisible(form == ValueForm::Image);
    zoom->setEnabled(!image->image().isNull());
    wrap->setEnabled(any);
    search->setVisible(form != ValueForm::Image);
    search->setEnabled(any);
    copyTool->setEnabled(any && (form != ValueForm::Image || !image->image().isNull()));
    saveTool->setEnabled(bytes && !partial);
}

void ValueView::Private::refreshTabs()
{
    // What it cannot be is not offered; what was asked for stays.
    const bool couldBeJson = kind.nature == ValueKind::Nature::Json || kind.nature == ValueKind::Nature::Text || kind.nature == ValueKind::Nature::Empty;
    tabs->setTabVisible(static_cast<int>(ValueForm::Json), (bytes && couldBeJson) || form == ValueForm::Json);
    tabs->setTabVisible(static_cast<int>(ValueForm::Image), (bytes && kind.nature == ValueKind::Nature::Picture) || form == ValueForm::Image);
    tabs->updateGeometry(); // setTabVisible() does not ask for the room
    tabs->setEnabled(bytes != nullptr);
}

void ValueView::Private::save(const QString &path)
{
    message->hide();
    saving.start(
        [bytes = bytes, path](std::stop_token) {
            QSaveFile file(path);
            const bool saved = file.open(QIODevice::WriteOnly) && file.write(bytes->data(), static_cast<qint64>(bytes->size())) == static_cast<qint64>(bytes->size())
                && file.commit();
            return saved ? QString() : file.errorString();
        },
        [this, path](const QString &problem) {
            if (problem.isEmpty())
                return;
            message->setMessage(MessageBar::Kind::Error, tr("%1 was not written: %2").arg(path, problem));
            message->show();
        });
}

ValueView::ValueView(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>(*this))
{
    setMessage(QString());
}

ValueView::~ValueView()
{
    d->find->setTarget(nullptr, ValueFindBar::Bytes::No);
}

void ValueView::setValue(ValueBytes bytes, const ValueHint &hint)
{
    if (!bytes) {
        setMessage(QString());
        return;
    }
    const bool same = d->bytes && d->hint.name == hint.name && d->hint.group == hint.group;
    const ValueKind kind = valueKind(*bytes, hint);
    const bool stays = same && kind.nature == d->kind.nature;
    d->bytes = std::move(bytes);
    d->hint = hint;
    d->kind = kind;
    d->fed = {};
    d->note.clear();
    d->message->hide();
    d->keepPlace = stays;
    ValueForm form = stays ? d->form : kind.form();
    if (!stays) {
        d->formIsChosen = false;
        const QVariant remembered = hint.group.isEmpty() ? QVariant() : QSettings().value(settingsKey(hint, kind.nature));
        const int number = remembered.toInt();
        if (remembered.isValid() && number >= 0 && number < static_cast<int>(forms.size())) {
            form = forms[static_cast<std::size_t>(number)];
            d->formIsChosen = true;
        }
    }
    d->check();
    d->showForm(form);
}

void ValueView::setMessage(const QString &message)
{
    d->checking.drop();
    d->bytes.reset();
    d->hint = {};
    d->kind = {};
    d->fed = {};
    d->note.clear();
    d->invalidAt.reset();
    d->json->setBytes(nullptr);
    d->image->setBytes(nullptr);
    d->text->setBytes(std::make_shared<const std::string>());
    d->hex->setBytes(std::make_shared<const std::string>());
    d->nothing->setText(message);
    d->pages->setCurrentWidget(d->nothing);
    d->showForm(ValueForm::Text);
}

const ValueBytes &ValueView::value() const
{
    return d->bytes;
}

const ValueHint &ValueView::hint() const
{
    return d->hint;
}

ValueForm ValueView::form() const
{
    return d->form;
}

void ValueView::setForm(ValueForm form)
{
    d->formIsChosen = true;
    d->showForm(form);
}

QString ValueView::summary() const
{
    return d->summaryText;
}

void ValueView::setSummary(Summary summary)
{
    d->summaryLabel->setVisible(summary == Summary::Shown);
}

void ValueView::addCornerWidget(QWidget *widget)
{
    d->tabRow->addWidget(widget);
}

void ValueView::openFind()
{
    if (!d->findable())
        return;
    QString selected;
    if (d->form == ValueForm::Text && d->text->selectionEnd() > d->text->selectionBegin() && d->text->selectionEnd() - d->text->selectionBegin() < 200)
        selected = d->text->selectedText();
    d->find->open(selected.contains(u'\n') ? QString() : selected);
}

void ValueView::copy()
{
    if (!d->bytes)
        return;
    switch (d->form) {
    case ValueForm::Text:
        d->text->copy();
        break;
    case ValueForm::Json:
        d->json->copy();
        break;
    case ValueForm::Hex:
        d->hex->copy();
        break;
    case ValueForm::Image:
        d->image->copy();
        break;
    }
}

void ValueView::saveAs()
{
    if (!d->bytes)
        return;
    QString name = d->hint.name.section(u'/', -1);
    name.replace(u':', u'_');
    if (name.isEmpty())
        name = tr("value");
    if (!name.contains(u'.') && !d->kind.ending.isEmpty())
        name += u'.' + d->kind.ending;
    auto *dialog = new QFileDialog(this, tr("Save the value as"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { d->save(path); });
    dialog->open();
}

} // namespace cleat::ui
