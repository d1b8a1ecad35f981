// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/csvdialog.h"

#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

CsvDialog::CsvDialog(D1Desk &desk, std::filesystem::path csv, QWidget *parent)
    : QDialog(parent),
      m_desk(desk),
      m_csv(std::move(csv)),
      m_table(new QComboBox),
      m_separator(new QComboBox),
      m_header(new QCheckBox(tr("The first line &names the columns"))),
      m_null(new QCheckBox(tr("An &empty field is NULL"))),
      m_rows(new QTableWidget),
      m_note(new ToneLabel({}, Tone::Muted))
{
    setWindowTitle(tr("Import %1").arg(fromPath(m_csv.filename())));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(580, 400);
    m_table->setEditable(true);
    m_table->setObjectName(u"csvTable"_s);
    m_table->setInsertPolicy(QComboBox::NoInsert);
    for (const d1::Table &table : desk.schema().tables) {
        if (table.kind == d1::Table::Kind::Table && !table.hidden)
            m_table->addItem(fromUtf8(table.name));
    }
    static const QRegularExpression other(u"[^\\p{L}\\p{N}_]+"_s);
    m_table->setEditText(fromPath(m_csv.stem()).replace(other, u"_"_s));
    m_separator->addItem(tr("Found out"), 0);
    m_separator->addItem(tr("Comma"), int(','));
    m_separator->addItem(tr("Semicolon"), int(';'));
    m_separator->addItem(tr("Tab"), int('\t'));
    m_separator->setObjectName(u"csvSeparator"_s);
    m_header->setChecked(true);
    m_header->setObjectName(u"csvHeader"_s);
    m_null->setChecked(true);
    m_rows->setAccessibleName(tr("First rows"));
    setUpTable(*m_rows, 6);
    m_note->setWordWrap(true);
    m_note->setObjectName(u"csvNote"_s);

    auto *form = new QFormLayout;
    form->addRow(tr("Into &table"), m_table);
    form->addRow(tr("&Separator"), m_separator);
    form->addRow(QString(), m_header);
    form->addRow(QString(), m_null);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_import = buttons->button(QDialogButtonBox::Ok);
    m_import->setText(tr("&Import"));
    auto *column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_rows, 1);
    column->addWidget(m_note);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_separator, &QComboBox::currentIndexChanged, this, &CsvDialog::preview);
    connect(m_header, &QCheckBox::toggled, this, &CsvDialog::preview);
    connect(m_table, &QComboBox::editTextChanged, this, &CsvDialog::check);
    m_import->setEnabled(false);
    preview();
}

d1::CsvOptions CsvDialog::options() const
{
    d1::CsvOptions options;
    options.table = toUtf8(m_table->currentText().trimmed());
    options.separator = static_cast<char>(m_separator->currentData().toInt());
    options.header = m_header->isChecked();
    options.emptyIsNull = m_null->isChecked();
    return options;
}

void CsvDialog::preview()
{
    if (m_reading)
        m_desk.rowsThread().cancel(m_reading);
    m_reading = m_desk.rowsThread().run(
        this, [csv = m_csv, options = options()](std::stop_token) { return d1::previewCsv(csv, options); },
        [this](base::Result<d1::CsvPreview> &&preview) {
            m_reading = 0;
            show(std::move(preview));
        });
}

void CsvDialog::show(base::Result<d1::CsvPreview> &&preview)
{
    m_readable = preview.has_value();
    m_rows->clear();
    m_rows->setRowCount(0);
    m_rows->setColumnCount(0);
    if (!preview) {
        m_note->setTone(Tone::Danger);
        m_note->setText(formatPlacedError(preview.error()));
        check();
        return;
    }
    QStringList names;
    for (const std::string &name : preview->columns)
        names << fromUtf8(name);
    m_rows->setColumnCount(static_cast<int>(names.size()));
    m_rows->setHorizontalHeaderLabels(names);
    m_rows->setRowCount(static_cast<int>(preview->rows.size()));
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        const auto &fields = preview->rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < static_cast<int>(std::min<std::size_t>(fields.size(), static_cast<std::size_t>(names.size()))); ++column)
            m_rows->setItem(row, column, new QTableWidgetItem(oneLine(fromUtf8(fields[static_cast<std::size_t>(column)]))));
    }
    check();
}

void CsvDialog::check()
{
    const d1::CsvOptions chosen = options();
    m_import->setEnabled(m_readable && !chosen.table.empty());
    if (!m_readable)
        return;
    m_note->setTone(Tone::Muted);
    m_note->setText(chosen.table.empty()         ? tr("Type the name of a table.")
            : m_desk.schema().find(chosen.table) ? tr("The rows are added to %1, all or none. A snapshot is taken first.").arg(fromUtf8(chosen.table))
                                                 : tr("The table %1 is made, with the types that fit. A snapshot is taken first.").arg(fromUtf8(chosen.table)));
}

} // namespace cleat::ui
