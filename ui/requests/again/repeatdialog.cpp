// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/again/repeatdialog.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

namespace cleat::ui {

using namespace Qt::StringLiterals;

RepeatDialog::RepeatDialog(session::ReplayRequest request, const QUrl &server, QWidget *parent)
    : QDialog(parent), m_request(std::move(request)), m_server(server), m_times(new QSpinBox), m_atOnce(new QSpinBox), m_bar(new QProgressBar), m_result(new ToneLabel),
      m_send(new QPushButton(tr("&Send"))), m_cancel(new QPushButton(tr("&Cancel sending")))
{
    setWindowTitle(tr("Repeat"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *what = new ElideLabel(Qt::ElideMiddle);
    what->setText(fromUtf8(m_request.method + ' ' + m_request.target));
    m_times->setRange(1, 1'000'000);
    m_times->setValue(100);
    m_times->setGroupSeparatorShown(true);
    m_times->setAccessibleName(tr("Times"));
    m_atOnce->setRange(1, 64);
    m_atOnce->setValue(4);
    m_atOnce->setAccessibleName(tr("At once"));
    m_bar->setTextVisible(true);
    m_bar->setFormat(u"%v / %m"_s);
    m_bar->hide();
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->setWordWrap(true);
    m_result->setMinimumHeight(m_result->fontMetrics().height() * 4);
    m_result->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_result->setAccessibleName(tr("Result"));
    m_cancel->hide();
    m_send->setDefault(true);

    auto *form = new QFormLayout;
    form->addRow(tr("Request:"), what);
    form->addRow(tr("&Times:"), m_times);
    form->addRow(tr("At &once:"), m_atOnce);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_send, QDialogButtonBox::ActionRole);
    buttons->addButton(m_cancel, QDialogButtonBox::ActionRole);
    auto *column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_bar);
    column->addWidget(m_result, 1);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_send, &QPushButton::clicked, this, &RepeatDialog::begin);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_running)
            m_running->cancel();
    });
    resize(460, sizeHint().height());
}

void RepeatDialog::begin()
{
    if (m_running)
        return;
    m_running = new session::RepeatedReplay(m_request, m_server, m_times->value(), m_atOnce->value(), this);
    m_bar->setRange(0, m_times->value());
    m_bar->setValue(0);
    m_result->setText({});
    connect(m_running, &session::RepeatedReplay::progressed, m_bar, [this](int done, int) { m_bar->setValue(done); });
    connect(m_running, &session::RepeatedReplay::finished, this, [this](const session::ReplaySummary &summary) {
        m_running->deleteLater();
        m_running = nullptr;
        refresh();
        show(summary);
    });
    m_running->start();
    refresh();
}

void RepeatDialog::refresh()
{
    const bool running = m_running != nullptr;
    m_bar->show();
    m_cancel->setVisible(running);
    m_send->setEnabled(!running);
    m_times->setEnabled(!running);
    m_atOnce->setEnabled(!running);
}

void RepeatDialog::show(const session::ReplaySummary &summary)
{
    const QLocale locale;
    QStringList statuses;
    for (const auto &[status, count] : summary.statuses)
        statuses += tr("%1 × %2").arg(locale.toString(count)).arg(status);
    QStringList lines;
    if (!statuses.isEmpty()) {
        lines += tr("Answers: %1").arg(statuses.join(u", "_s));
        lines += tr("Half within %1, 95 % within %2, longest %3").arg(formatDuration(summary.p50Us), formatDuration(summary.p95Us), formatDuration(summary.maxUs));
        lines += tr("%1 requests a second").arg(locale.toString(summary.perSecond, 'f', summary.perSecond < 10 ? 1 : 0));
    }
    if (summary.failed > 0)
        lines += tr("Without an answer: %1. %2").arg(locale.toString(summary.failed), fromUtf8(summary.firstError.message));
    m_result->setTone(summary.failed > 0 ? Tone::Danger : Tone::Normal);
    m_result->setText(lines.join(u'\n'));
}

} // namespace cleat::ui
