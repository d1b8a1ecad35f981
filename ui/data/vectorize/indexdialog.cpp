// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/indexdialog.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::vectorize::IndexConfig;
using data::vectorize::Metric;

QString metricText(Metric metric)
{
    switch (metric) {
    case Metric::Cosine:
        return u"cosine"_s;
    case Metric::Euclidean:
        return u"euclidean"_s;
    case Metric::DotProduct:
        break;
    }
    return u"dot-product"_s;
}

IndexDialog::IndexDialog(std::filesystem::path state, const QString &name, QWidget *parent)
    : QDialog(parent), m_state(std::move(state)), m_name(new QLineEdit(name)), m_dimensions(new QSpinBox), m_metric(new QComboBox), m_trouble(new ToneLabel({}, Tone::Danger)),
      m_create(nullptr)
{
    setWindowTitle(tr("New Vectorize index"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("my-index"));
    m_dimensions->setRange(1, static_cast<int>(data::vectorize::mostDimensions));
    m_dimensions->setValue(768);
    m_dimensions->setAccessibleName(tr("Dimensions"));
    m_dimensions->setToolTip(tr("How many numbers a vector has. An embedding model tells it: bge-small 384, bge-base 768, bge-large 1024, text-embedding-ada-002 1536."));
    for (const Metric metric : {Metric::Cosine, Metric::Euclidean, Metric::DotProduct})
        m_metric->addItem(metricText(metric), static_cast<int>(metric));
    m_metric->setAccessibleName(tr("Metric"));
    m_trouble->setWordWrap(true);
    auto *form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Dimensions"), m_dimensions);
    form->addRow(tr("&Metric"), m_metric);
    auto *hint = new ToneLabel(tr("Neither can be changed afterwards."), Tone::Muted);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_create = buttons->button(QDialogButtonBox::Ok);
    m_create->setText(tr("&Create"));
    auto *column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(hint);
    column->addWidget(m_trouble);
    column->addWidget(buttons);
    connect(m_name, &QLineEdit::textChanged, this, &IndexDialog::refresh);
    connect(buttons, &QDialogButtonBox::accepted, this, &IndexDialog::create);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    refresh();
}

void IndexDialog::refresh()
{
    m_trouble->hide();
    m_create->setEnabled(m_ticket == 0 && !m_name->text().trimmed().isEmpty());
}

void IndexDialog::create()
{
    if (!m_create->isEnabled())
        return;
    const QString name = m_name->text().trimmed();
    m_ticket = m_thread.run(
        this,
        [state = m_state, name = toUtf8(name), dimensions = static_cast<std::uint32_t>(m_dimensions->value()), metric = static_cast<Metric>(m_metric->currentData().toInt())](
            std::stop_token) { return data::vectorize::createIndex(state, name, dimensions, metric); },
        [this, name](base::Result<IndexConfig> &&made) {
            m_ticket = 0;
            refresh();
            if (!made) {
                m_trouble->setText(formatError(made.error()));
                m_trouble->show();
                return;
            }
            Q_EMIT created(name);
            accept();
        });
    refresh();
}

} // namespace cleat::ui
