// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/transfers.h"

#include "ui/data/d1/csvdialog.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLocale>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

ExportDialog::ExportDialog(const D1Desk &desk, const QString &table, QWidget *parent)
    : QDialog(parent),
      m_what(new QComboBox),
      m_format(new QComboBox),
      m_schema(new QCheckBox(tr("The &schema"))),
      m_data(new QCheckBox(tr("The &rows")))
{
    setWindowTitle(tr("Export"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_what->addItem(tr("The whole database"), QString());
    for (const d1::Table &each : desk.schema().tables) {
        if (!each.hidden)
            m_what->addItem(fromUtf8(each.name), fromUtf8(each.name));
    }
    m_what->setCurrentIndex(std::max(0, m_what->findData(table)));
    m_what->setObjectName(u"exportWhat"_s);
    m_format->addItem(tr("SQL statements (.sql)"));
    m_format->addItem(tr("Comma-separated values (.csv)"));
    m_format->setObjectName(u"exportFormat"_s);
    m_schema->setChecked(true);
    m_data->setChecked(true);
    auto *form = new QFormLayout;
    form->addRow(tr("&Export"), m_what);
    form->addRow(tr("&As"), m_format);
    form->addRow(QString(), m_schema);
    form->addRow(QString(), m_data);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Choose &file…"));
    auto *column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto check = [this, buttons] {
        const bool whole = this->table().isEmpty();
        if (whole)
            m_format->setCurrentIndex(0); // a CSV file holds one table
        m_format->setEnabled(!whole);
        m_schema->setEnabled(!asCsv());
        m_data->setEnabled(!asCsv());
        buttons->button(QDialogButtonBox::Ok)->setEnabled(asCsv() || m_schema->isChecked() || m_data->isChecked());
    };
    connect(m_what, &QComboBox::currentIndexChanged, this, check);
    connect(m_format, &QComboBox::currentIndexChanged, this, check);
    connect(m_schema, &QCheckBox::toggled, this, check);
    connect(m_data, &QCheckBox::toggled, this, check);
    check();
}

QString ExportDialog::table() const
{
    return m_what->currentData().toString();
}

bool ExportDialog::asCsv() const
{
    return m_format->currentIndex() == 1;
}

d1::SqlExport ExportDialog::sql() const
{
    d1::SqlExport what;
    if (!table().isEmpty())
        what.tables.push_back(toUtf8(table()));
    what.schema = m_schema->isChecked();
    what.data = m_data->isChecked();
    return what;
}

Transfers::Transfers(D1Desk &desk, ProgressStrip &strip, QWidget *window) : QObject(window), m_desk(desk), m_strip(strip), m_window(window) {}

bool Transfers::refused()
{
    if (!m_strip.isRunning())
        return false;
    Q_EMIT failed(tr("Another import or export runs. Wait for it, or cancel it below."));
    return true;
}

void Transfers::chooseImport()
{
    if (refused())
        return;
    auto *dialog = new QFileDialog(m_window, tr("Import"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("SQL and CSV files (*.sql *.csv *.tsv)"), tr("All files (*)")});
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &Transfers::importFile);
    dialog->open();
}

void Transfers::importFile(const QString &path)
{
    if (refused())
        return;
    const std::filesystem::path source = toPath(path);
    const QString ending = QFileInfo(path).suffix().toLower();
    const QString name = QFileInfo(path).fileName();
    if (ending == "csv"_L1 || ending == "tsv"_L1) {
        auto *dialog = new CsvDialog(m_desk, source, m_window);
        connect(dialog, &QDialog::accepted, this, [this, dialog, source] { importCsv(source, dialog->options()); });
        dialog->open();
    } else if (ending == "sql"_L1) {
        m_strip.run(
            tr("Importing %1").arg(name), ProgressStrip::Unit::Count,
            [file = m_desk.file(), source](const data::Control &control) { return d1::importSql(file, source, control); },
            [this, name](base::Result<d1::Imported> &&imported) {
                m_desk.readSchema();
                if (imported)
                    Q_EMIT done(tr("%1: %2 statements ran, %3 rows changed.")
                                    .arg(name, QLocale().toString(qulonglong(imported->statements)), QLocale().toString(qulonglong(imported->rows))));
                else
                    Q_EMIT failed(formatPlacedError(imported.error()));
            });
    } else {
        Q_EMIT failed(tr("%1 is neither an .sql nor a .csv file.").arg(name));
    }
}

void Transfers::importCsv(const std::filesystem::path &path, const d1::CsvOptions &options)
{
    if (refused())
        return;
    m_strip.run(
        tr("Importing %1").arg(fromPath(path.filename())), ProgressStrip::Unit::Count,
        [file = m_desk.file(), path, options](const data::Control &control) { return d1::importCsv(file, path, options, control); },
        [this, table = fromUtf8(options.table)](base::Result<d1::Imported> &&imported) {
            m_desk.readSchema();
            if (imported)
                Q_EMIT done(tr("%1 rows imported into %2.").arg(QLocale().toString(qulonglong(imported->rows)), table));
            else
                Q_EMIT failed(tr("Nothing was imported. %1").arg(formatPlacedError(imported.error())));
        });
}

void Transfers::saveAs(const QString &suggestion, const QString &filter, std::function<void(const QString &)> then)
{
    auto *dialog = new QFileDialog(m_window, tr("Export"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(QFileInfo(suggestion).suffix());
    dialog->selectFile(suggestion);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(then));
    dialog->open();
}

void Transfers::exportTable(const QString &table)
{
    if (refused())
        return;
    auto *dialog = new ExportDialog(m_desk, table, m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const QString chosen = dialog->table();
        if (dialog->asCsv()) {
            saveAs(chosen + u".csv"_s, tr("CSV files (*.csv)"),
                [this, chosen](const QString &path) { exportCsv(u"SELECT * FROM "_s + fromUtf8(d1::quoted(toUtf8(chosen))), path); });
            return;
        }
        const QString name = chosen.isEmpty() ? fromUtf8(m_desk.resource().title) : chosen;
        saveAs(name + u".sql"_s, tr("SQL files (*.sql)"), [this, what = dialog->sql()](const QString &path) {
            if (refused())
                return;
            m_strip.run(
                tr("Exporting %1").arg(QFileInfo(path).fileName()), ProgressStrip::Unit::Count,
                [file = m_desk.file(), what, target = toPath(path)](const data::Control &control) { return d1::exportSql(file, what, target, control); },
                [this, path](base::Result<std::uint64_t> &&rows) {
                    if (rows)
                        Q_EMIT done(tr("%1 rows written to %2.").arg(QLocale().toString(qulonglong(*rows)), path));
                    else
                        Q_EMIT failed(formatPlacedError(rows.error()));
                });
        });
    });
    dialog->open();
}

void Transfers::exportQuery(const QString &query)
{
    if (!refused())
        saveAs(u"query.csv"_s, tr("CSV files (*.csv)"), [this, query](const QString &path) { exportCsv(query, path); });
}

void Transfers::exportCsv(const QString &query, const QString &path)
{
    if (refused())
        return;
    m_strip.run(
        tr("Exporting %1").arg(QFileInfo(path).fileName()), ProgressStrip::Unit::Count,
        [file = m_desk.file(), query = toUtf8(query), target = toPath(path)](
            const data::Control &control) { return d1::exportCsv(file, query, target, control); },
        [this, path](base::Result<std::uint64_t> &&rows) {
            if (rows)
                Q_EMIT done(tr("%1 rows written to %2.").arg(QLocale().toString(qulonglong(*rows)), path));
            else
                Q_EMIT failed(formatPlacedError(rows.error()));
        });
}

} // namespace cleat::ui
