// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/progressstrip.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int refreshMs = 80;
constexpr int barSteps = 1000;

} // namespace

ProgressStrip::ProgressStrip(QWidget *parent) : QWidget(parent), m_text(new ElideLabel(Qt::ElideMiddle)), m_bar(new QProgressBar), m_cancel(new QPushButton(tr("Cancel")))
{
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(180);
    m_bar->setFixedHeight(8);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 5, 8, 5);
    row->addWidget(m_text, 1);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &ProgressStrip::refresh);
    connect(m_cancel, &QPushButton::clicked, this, &ProgressStrip::cancel);
    hide();
}

ProgressStrip::~ProgressStrip() = default;

void ProgressStrip::begin(const QString &title, Unit unit)
{
    m_state = std::make_shared<State>();
    m_title = title;
    m_unit = unit;
    m_cancel->setEnabled(true);
    m_cancel->setText(tr("Cancel"));
    refresh();
    show();
    m_timer.start();
    Q_EMIT runningChanged(true);
}

void ProgressStrip::end()
{
    m_ticket = 0;
    m_timer.stop();
    hide();
    Q_EMIT runningChanged(false);
}

void ProgressStrip::cancel()
{
    if (!isRunning())
        return;
    m_cancel->setEnabled(false);
    m_cancel->setText(tr("Cancelling…"));
    m_thread.stop(m_ticket);
}

void ProgressStrip::refresh()
{
    data::Progress now;
    {
        const std::lock_guard lock(m_state->mutex);
        now = m_state->now;
    }
    const auto amount = [this](std::uint64_t value) { return m_unit == Unit::Bytes ? formatBytes(value) : QLocale().toString(static_cast<qulonglong>(value)); };
    m_bar->setRange(0, now.total > 0 ? barSteps : 0);
    if (now.total > 0)
        m_bar->setValue(static_cast<int>(static_cast<double>(std::min(now.done, now.total)) / static_cast<double>(now.total) * barSteps));
    QString text = m_title;
    if (now.total > 0)
        text += u" · "_s + tr("%1 of %2").arg(amount(now.done), amount(now.total));
    else if (now.done > 0)
        text += u" · "_s + amount(now.done);
    if (!now.what.empty())
        text += u" · "_s + oneLine(fromUtf8(now.what));
    m_text->setText(text);
}

} // namespace cleat::ui
