// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingspane.h"

#include "core/session/session.h"
#include "ui/bindings/formparts.h"
#include "ui/settings/aiform.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFocusEvent>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSpinBox>

#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::Plan;
using session::ProjectSettings;

namespace {

constexpr int keepAfterMs = 500;
constexpr int columnWidth = 620;
constexpr std::size_t mebibyte = 1U << 20;
constexpr std::array<std::size_t, 5> bodySizes{64U << 10, mebibyte, 8 * mebibyte, 64 * mebibyte, 256 * mebibyte};

QString sizeText(std::size_t bytes)
{
    return bytes < mebibyte ? SettingsPane::tr("%1 KiB").arg(bytes >> 10) : SettingsPane::tr("%1 MiB").arg(bytes >> 20);
}

QWidget *section(const QString &title, const QString &hint, QVBoxLayout *&column)
{
    auto *widget = new QWidget;
    column = makeFieldColumn(widget);
    column->addWidget(makeHeading(title));
    column->addWidget(makeHint(hint));
    column->addSpacing(6);
    return widget;
}

} // namespace

SettingsPane::SettingsPane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_trouble(new MessageBar(MessageBar::Closing::ByOwner)), m_plan(new QComboBox), m_planHint(makeHint({})), m_cf(new JsonEdit),
      m_cfState(makeHint({})), m_memory(new QSpinBox), m_body(new QComboBox), m_points(new QSpinBox), m_answers(new QSpinBox), m_stale(new QSpinBox), m_ai(new AiForm(session)), m_area(new QScrollArea)
{
    auto *form = new QWidget;
    form->setMaximumWidth(columnWidth);
    auto *sections = new QVBoxLayout(form);
    sections->setContentsMargins(18, 16, 18, 18);
    sections->setSpacing(22);
    sections->addWidget(makePlan());
    sections->addWidget(makeCf());
    sections->addWidget(makeRequests());
    sections->addWidget(makeHyperdrive());
    sections->addWidget(makeAnalytics());
    sections->addWidget(makeAi());
    sections->addStretch(1);
    m_area->setWidget(form);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_trouble);
    column->addWidget(m_area, 1);
    setFocusPolicy(Qt::StrongFocus);

    m_typed.setSingleShot(true);
    m_typed.setInterval(keepAfterMs);
    connect(&m_typed, &QTimer::timeout, this, &SettingsPane::keep);
    connect(m_plan, &QComboBox::currentIndexChanged, this, [this] {
        refreshPlanHint();
        keep();
    });
    connect(m_body, &QComboBox::currentIndexChanged, this, &SettingsPane::keep);
    const auto typed = [this] {
        if (!m_showing)
            m_typed.start();
    };
    connect(m_memory, &QSpinBox::valueChanged, this, typed);
    connect(m_points, &QSpinBox::valueChanged, this, typed);
    connect(m_answers, &QSpinBox::valueChanged, this, typed);
    connect(m_stale, &QSpinBox::valueChanged, this, typed);
    connect(m_cf, &JsonEdit::textChanged, this, typed);
    connect(&m_session, &session::Session::settingsChanged, this, &SettingsPane::refresh);
    refresh();
}

SettingsPane::~SettingsPane()
{
    if (m_typed.isActive())
        keep();
}

QWidget *SettingsPane::makePlan()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Limits"), tr("Which plan's limits a request has here. What goes over them fails as it would on Cloudflare."), column);
    m_plan->addItem(tr("Workers Free"), QVariant::fromValue(static_cast<int>(Plan::Free)));
    m_plan->addItem(tr("Workers Paid"), QVariant::fromValue(static_cast<int>(Plan::Paid)));
    m_plan->addItem(tr("None"), QVariant::fromValue(static_cast<int>(Plan::None)));
    addField(*column, tr("&Plan"), m_plan);
    column->addWidget(m_planHint);
    return widget;
}

QWidget *SettingsPane::makeCf()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Visitor"), tr("What Cloudflare would know of who asks. Code reads it as request.cf."), column);
    m_cf->setFieldName(tr("request.cf"));
    m_cf->setEmpty(JsonEdit::Empty::IsFine);
    m_cf->setVisibleLines(12);
    m_cf->setPlaceholderText(tr("Empty: a made-up visitor. Else an object, such as\n{\n  \"country\": \"DE\",\n  \"timezone\": \"Europe/Berlin\"\n}"));
    addField(*column, tr("request.&cf"), m_cf);
    column->addWidget(m_cfState);
    m_cfState->hide();
    return widget;
}

QWidget *SettingsPane::makeRequests()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Requests"), tr("How much of what the project answers is kept to be looked at. The oldest goes first."), column);
    m_memory->setRange(static_cast<int>(ProjectSettings::leastRecordingBytes / mebibyte), static_cast<int>(ProjectSettings::mostRecordingBytes / mebibyte));
    m_memory->setSingleStep(64);
    m_memory->setSuffix(tr(" MiB"));
    m_memory->setGroupSeparatorShown(true);
    m_memory->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    addField(*column, tr("&Memory, and the same on the disk"), m_memory);
    for (const std::size_t size : bodySizes)
        m_body->addItem(sizeText(size), QVariant::fromValue(static_cast<qulonglong>(size)));
    m_body->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    column->addSpacing(8);
    addField(*column, tr("Kept of each &body"), m_body);
    column->addWidget(makeHint(tr("Of requests that come from now on, in each direction.")));
    return widget;
}

QWidget *SettingsPane::makeAi()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Workers AI"), tr("Who answers when code calls env.AI here."), column);
    column->addWidget(m_ai);
    return widget;
}

QWidget *SettingsPane::makeHyperdrive()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Hyperdrive"), tr("On Cloudflare, answers of queries that only read are kept, and given again for a minute unless that is turned off."), column);
    for (QSpinBox *seconds : {m_answers, m_stale}) {
        seconds->setRange(0, static_cast<int>(ProjectSettings::mostHyperdriveSeconds));
        seconds->setSpecialValueText(tr("Not at all"));
        seconds->setSuffix(tr(" seconds"));
        seconds->setGroupSeparatorShown(true);
        seconds->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    }
    addField(*column, tr("A&nswers are kept"), m_answers);
    column->addWidget(makeHint(tr("An answer that comes from there is a line of the Console, at the level of debugging.")));
    column->addSpacing(8);
    addField(*column, tr("Old answers are &given on"), m_stale);
    column->addWidget(makeHint(tr("For so long after that, an answer is given at once, and asked for again so that the next one is new. Cloudflare has 15 seconds.")));
    return widget;
}

QWidget *SettingsPane::makeAnalytics()
{
    QVBoxLayout *column = nullptr;
    auto *widget = section(tr("Analytics Engine"), tr("Cloudflare keeps fewer points of an index to which many are written, each standing for others as its _sample_interval says."), column);
    m_points->setRange(0, static_cast<int>(ProjectSettings::mostAnalyticsPerSecond));
    m_points->setSpecialValueText(tr("All"));
    m_points->setSuffix(tr(" a second"));
    m_points->setGroupSeparatorShown(true);
    m_points->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    addField(*column, tr("Points &kept of one index"), m_points);
    return widget;
}

void SettingsPane::showAi()
{
    if (QWidget *const first = m_ai->findChild<QComboBox *>()) {
        m_area->ensureWidgetVisible(m_ai);
        m_area->ensureWidgetVisible(first);
        first->setFocus(Qt::OtherFocusReason);
    }
}

void SettingsPane::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    m_plan->setFocus(event->reason());
}

/// What holds, into the fields.
void SettingsPane::refresh()
{
    const QScopedValueRollback showing(m_showing, true);
    const ProjectSettings &settings = m_session.settings();
    m_plan->setCurrentIndex(m_plan->findData(static_cast<int>(settings.plan)));
    if (m_cf->text().trimmed() != fromUtf8(settings.cf).trimmed() && !m_typed.isActive())
        m_cf->setText(fromUtf8(settings.cf));
    m_memory->setValue(static_cast<int>(settings.recordingBytes / mebibyte));
    const auto size = static_cast<qulonglong>(settings.bodyBytes);
    if (m_body->findData(QVariant::fromValue(size)) < 0)
        m_body->addItem(sizeText(settings.bodyBytes), QVariant::fromValue(size));
    m_body->setCurrentIndex(m_body->findData(QVariant::fromValue(size)));
    m_points->setValue(static_cast<int>(settings.analyticsPerSecond));
    m_answers->setValue(static_cast<int>(settings.hyperdriveSeconds));
    m_stale->setValue(static_cast<int>(settings.hyperdriveStaleSeconds));
    m_stale->setEnabled(settings.hyperdriveSeconds != 0);
    refreshPlanHint();
    refreshTrouble();
}

void SettingsPane::keep()
{
    if (m_showing)
        return;
    m_typed.stop();
    ProjectSettings settings = m_session.settings();
    settings.plan = static_cast<Plan>(m_plan->currentData().toInt());
    settings.recordingBytes = static_cast<std::size_t>(m_memory->value()) * mebibyte;
    settings.bodyBytes = static_cast<std::size_t>(m_body->currentData().toULongLong());
    settings.analyticsPerSecond = static_cast<std::uint32_t>(m_points->value());
    settings.hyperdriveSeconds = static_cast<std::uint32_t>(m_answers->value());
    settings.hyperdriveStaleSeconds = static_cast<std::uint32_t>(m_stale->value());
    m_cfState->hide();
    if (!m_cf->problem()) { // else it says so itself
        const std::string before = std::exchange(settings.cf, toUtf8(m_cf->text().trimmed()));
        if (const auto fine = session::check(settings); !fine) {
            m_cfState->setTone(Tone::Danger);
            m_cfState->setText(fromUtf8(fine.error().message));
            m_cfState->show();
            settings.cf = before;
        }
    }
    if (const auto kept = m_session.setSettings(settings); !kept) {
        m_trouble->setMessage(MessageBar::Kind::Error, fromUtf8(kept.error().message));
        m_trouble->show();
        return;
    }
    refreshTrouble();
}

void SettingsPane::refreshPlanHint()
{
    switch (static_cast<Plan>(m_plan->currentData().toInt())) {
    case Plan::Free:
        m_planHint->setText(tr("10 ms of processor time, 50 subrequests and 128 MB of memory for a request."));
        break;
    case Plan::Paid:
        m_planHint->setText(tr("30 seconds of processor time, 10,000 subrequests and 128 MB of memory for a request."));
        break;
    case Plan::None:
        m_planHint->setText(tr("Only what keeps Cleat alive: 5 minutes of processor time and 1 GB of memory. Code that runs here may fail on Cloudflare."));
        break;
    }
}

void SettingsPane::refreshTrouble()
{
    const auto error = m_session.settingsError();
    m_trouble->setVisible(error.has_value());
    if (!error)
        return;
    m_trouble->setMessage(MessageBar::Kind::Warning, fromUtf8(error->message));
    connect(m_trouble->addButton(tr("Use the usual settings")), &QPushButton::clicked, this, [this] {
        if (const auto kept = m_session.setSettings(m_session.settings()); !kept)
            m_trouble->setMessage(MessageBar::Kind::Error, fromUtf8(kept.error().message));
        else
            refreshTrouble();
    });
}

} // namespace cleat::ui
