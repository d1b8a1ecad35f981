// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/additiondialog.h"

#include "core/session/configstore.h"
#include "ui/bindings/entrydraft.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QRadioButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using Table = Destination::Table;

namespace {

QString listed(const std::vector<std::string> &names)
{
    QStringList words;
    for (std::size_t i = 0; i < names.size() && i < 8; ++i)
        words << fromUtf8(names[i]);
    return names.size() > 8 ? AdditionDialog::tr("%1 and %2 more").arg(words.join(u", "_s)).arg(names.size() - 8) : words.join(u", "_s);
}

QString whoHasTheTopLevel(const config::WranglerConfig &config, Scope environment)
{
    const Scope other = environment == Scope::Preview ? Scope::Production : Scope::Preview;
    return config.set(other).present ? AdditionDialog::tr("%1 and local runs of the top level get it").arg(scopeName(environment))
                                     : AdditionDialog::tr("Production, Preview and local runs all get it");
}

} // namespace

std::vector<config::Edit> AdditionDialog::editsFor(const config::WranglerConfig &config, const Request &request, Table table, TakenNames taken)
{
    const Destination destination{request.environment, table};
    Addition plan = planAddition(config, destination, request.entries, taken);
    for (const std::size_t i : plan.handled) {
        const bool staysPut = i < request.moved.size() && request.moved[i].scope == writtenScope(config, destination);
        if (i < request.moved.size() && !staysPut)
            plan.edits.push_back(removalOf(request.moved[i]));
    }
    return std::move(plan.edits);
}

bool AdditionDialog::isNeeded(const config::WranglerConfig &config, const Request &request)
{
    const Addition plan = planAddition(config, {request.environment, Table::TopLevel}, request.entries, TakenNames::Skip);
    return !config.set(request.environment).present || !plan.skipped.empty() || !plan.boundOnce.empty();
}

AdditionDialog::AdditionDialog(session::ConfigStore &store, Request request, QWidget *parent)
    : QDialog(parent), m_store(store), m_request(std::move(request)), m_topLevel(new QRadioButton), m_own(new QRadioButton), m_takenBox(new QWidget),
      m_takenText(new ToneLabel), m_skip(new QRadioButton(tr("&Skip them"))), m_rename(new QRadioButton), m_once(new ToneLabel({}, Tone::Warning)),
      m_diff(new DiffView)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(m_request.title);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_go = buttons->addButton(m_request.verb, QDialogButtonBox::AcceptRole);
    m_go->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT chosen(m_edits, m_seen); });

    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    addWhere(column);
    addTaken(column);
    m_once->setWordWrap(true);
    column->addWidget(m_once);
    column->addWidget(m_diff, 1);
    column->addWidget(buttons);
    resize(560, 420);
    connect(&m_store, &session::ConfigStore::changed, this, &AdditionDialog::refresh);
    refresh();
    m_go->setFocus();
}

void AdditionDialog::addWhere(QVBoxLayout *column)
{
    const config::WranglerConfig &config = m_store.config();
    const Scope environment = m_request.environment;
    const QString name = scopeName(environment);
    auto *group = new QButtonGroup(this);
    group->addButton(m_topLevel);
    group->addButton(m_own);
    const bool changesTopLevel = !editsFor(config, m_request, Table::TopLevel, TakenNames::Rename).empty();
    (changesTopLevel ? m_topLevel : m_own)->setChecked(true);
    m_topLevel->setEnabled(changesTopLevel);
    m_topLevel->setText(tr("To the &top level: %1").arg(whoHasTheTopLevel(config, environment)));
    const std::size_t count = config.topLevel.bindings.size() + config.topLevel.variables.size();
    m_own->setText(count == 0 ? tr("To a table of %1's &own: %1 alone gets it").arg(name)
                              : tr("To a table of %1's &own, with copies of the %2 entries that it has now").arg(name).arg(count));
    connect(m_topLevel, &QRadioButton::toggled, this, &AdditionDialog::refresh);

    auto *box = new QWidget;
    auto *inside = new QVBoxLayout(box);
    inside->setContentsMargins(0, 0, 0, 0);
    auto *text = new ToneLabel(tr("%1 has no table of its own in the file, so it gets what stands at the top level.").arg(name));
    text->setWordWrap(true);
    inside->addWidget(text);
    inside->addWidget(m_topLevel);
    inside->addWidget(m_own);
    box->setVisible(!config.set(environment).present);
    column->addWidget(box);
}

void AdditionDialog::addTaken(QVBoxLayout *column)
{
    auto *group = new QButtonGroup(this);
    group->addButton(m_skip);
    group->addButton(m_rename);
    const bool skipsAll = editsFor(m_store.config(), m_request, table(), TakenNames::Skip).empty();
    (skipsAll ? m_rename : m_skip)->setChecked(true);
    connect(m_skip, &QRadioButton::toggled, this, &AdditionDialog::refresh);
    m_takenText->setWordWrap(true);
    auto *inside = new QVBoxLayout(m_takenBox);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addWidget(m_takenText);
    inside->addWidget(m_skip);
    inside->addWidget(m_rename);
    column->addWidget(m_takenBox);
}

Table AdditionDialog::table() const
{
    return m_own->isChecked() ? Table::Own : Table::TopLevel;
}

TakenNames AdditionDialog::taken() const
{
    return m_rename->isChecked() ? TakenNames::Rename : TakenNames::Skip;
}

void AdditionDialog::refresh()
{
    const config::WranglerConfig &config = m_store.config();
    m_seen = m_store.text();
    const Destination destination{m_request.environment, table()};
    const Addition renaming = planAddition(config, destination, m_request.entries, TakenNames::Rename);
    std::vector<std::string> names;
    std::vector<std::string> newNames;
    for (const auto &[from, to] : renaming.renamed) {
        names.push_back(from);
        newNames.push_back(to);
    }
    m_takenBox->setVisible(!names.empty());
    m_takenText->setText(tr("Other entries have these names there: %1").arg(listed(names)));
    m_rename->setText(tr("Add them under other &names: %1").arg(listed(newNames)));
    m_once->setText(tr("Left out, since their kind can be bound once and is: %1").arg(listed(renaming.boundOnce)));
    m_once->setVisible(!renaming.boundOnce.empty());

    m_edits = editsFor(config, m_request, table(), taken());
    const auto text = m_store.preview(m_edits);
    if (m_edits.empty())
        m_diff->setNote(tr("Nothing would be written."));
    else if (text)
        m_diff->setDiff(diffLines(m_seen, *text));
    else
        m_diff->setNote(formatPlacedError(text.error()));
    m_go->setEnabled(!m_edits.empty() && text);
}

} // namespace cleat::ui
