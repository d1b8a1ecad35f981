// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/newprojectform.h"

#include "core/base/file.h"
#include "core/config/names.h"
#include "core/session/session.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDate>
#include <QDateEdit>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>
#include <system_error>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Form;

namespace {

namespace fs = std::filesystem;

constexpr int formWidth = 640;
const QString dateFormat = QStringLiteral("yyyy-MM-dd");

/// Where the usual tools put what they build, the likeliest first.
constexpr const char *usualFolders[] = {"public", "dist", "build", "out", "_site", "www", "dist/client", ".output/public", ".svelte-kit/cloudflare", ".vercel/output/static", "site"};

/// What looks like what a build puts out, and is there.
QStringList existingFolders(const fs::path &project)
{
    std::error_code error;
    QStringList found;
    for (const char *folder : usualFolders) {
        if (fs::is_directory(project / folder, error))
            found << QString::fromLatin1(folder);
    }
    for (const auto &entry : fs::directory_iterator(project, error)) {
        const QString name = fromPath(entry.path().filename());
        if (entry.is_directory(error) && !found.contains(name) && name != u"node_modules"_s && fs::is_regular_file(entry.path() / "index.html", error))
            found << name;
    }
    if (fs::is_regular_file(project / "index.html", error))
        found << u"."_s;
    return found;
}

ToneLabel *makeHint()
{
    auto *label = new ToneLabel({}, Tone::Muted);
    label->setWordWrap(true);
    return label;
}

QLabel *makeLabel(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    buddy->setAccessibleName(QString(text).remove(u'&'));
    return label;
}

QHBoxLayout *makeRow(std::initializer_list<QWidget *> widgets, int stretched)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    int at = 0;
    for (QWidget *widget : widgets)
        row->addWidget(widget, at++ == stretched ? 1 : 0);
    if (stretched < 0)
        row->addStretch(1);
    return row;
}

} // namespace

NewProjectForm::NewProjectForm(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_name(new QLineEdit), m_folder(new QComboBox), m_date(new QDateEdit(QDate::currentDate())),
      m_toml(new QRadioButton(u"wrangler.&toml"_s)), m_jsonc(new QRadioButton(u"wrangler.&jsonc"_s)), m_folderHint(makeHint()), m_import(nullptr),
      m_importWanted(new QCheckBox), m_script(new QComboBox), m_command(makeHint()), m_imported(new QLabel), m_preview(makeCodeView()), m_problem(new ToneLabel({}, Tone::Danger)),
      m_create(new QPushButton)
{
    auto *heading = new ToneLabel(tr("This project has no Wrangler file"));
    heading->setFont(headingFont());
    auto *sentence = makeHint();
    sentence->setText(tr("The file names the folder that is served, and the bindings and variables of your project. This is what it begins with."));
    m_problem->setWordWrap(true);
    m_create->setDefault(true);

    auto *column = new QVBoxLayout;
    column->setContentsMargins(20, 20, 20, 20);
    column->setSpacing(10);
    column->addWidget(heading);
    column->addWidget(sentence);
    column->addSpacing(2);
    column->addWidget(makeFields());
    column->addWidget(makeImport());
    column->addWidget(makePreview());
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_problem, 1);
    bottom->addWidget(m_create, 0, Qt::AlignTop);
    column->addLayout(bottom);
    auto *form = new QWidget;
    form->setLayout(column);
    form->setMaximumWidth(formWidth);

    auto *content = new QWidget;
    auto *across = new QHBoxLayout(content);
    across->setContentsMargins(0, 0, 0, 0);
    across->addStretch(1);
    across->addWidget(form, 100, Qt::AlignTop);
    across->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setFocusProxy(m_name);

    connect(m_name, &QLineEdit::textChanged, this, &NewProjectForm::edited);
    connect(m_folder, &QComboBox::editTextChanged, this, &NewProjectForm::edited);
    connect(m_date, &QDateEdit::dateChanged, this, &NewProjectForm::edited);
    connect(m_toml, &QRadioButton::toggled, this, &NewProjectForm::edited);
    connect(m_importWanted, &QCheckBox::toggled, this, &NewProjectForm::takeImport);
    connect(m_script, &QComboBox::activated, this, &NewProjectForm::takeImport);
    connect(m_create, &QPushButton::clicked, this, &NewProjectForm::create);
    connect(m_name, &QLineEdit::returnPressed, m_create, &QPushButton::click);
    connect(m_folder->lineEdit(), &QLineEdit::returnPressed, m_create, &QPushButton::click);
    look();
}

QWidget *NewProjectForm::makeFields()
{
    m_name->setText(fromUtf8(m_session.config().suggestedName()));
    m_name->setFont(monospaceFont());
    m_folder->setEditable(true);
    m_folder->setInsertPolicy(QComboBox::NoInsert);
    m_folder->lineEdit()->setFont(monospaceFont());
    m_folder->lineEdit()->setPlaceholderText(u"public"_s);
    m_date->setDisplayFormat(dateFormat);
    m_date->setCalendarPopup(true);
    m_date->setDateRange(QDate(2021, 11, 2), QDate::currentDate().addYears(1)); // the first date that Workers know
    m_date->setToolTip(tr("Which version of the runtime's behaviour the project is written for"));
    m_toml->setChecked(true);
    m_jsonc->setToolTip(tr("JSON with comments"));
    auto *browse = new QToolButton;
    browse->setIcon(icon("folder-open"_L1));
    browse->setText(tr("Browse…"));
    browse->setToolTip(tr("Choose the folder"));
    browse->setAccessibleName(tr("Browse…"));
    connect(browse, &QToolButton::clicked, this, &NewProjectForm::chooseFolder);

    auto *fields = new QWidget;
    auto *grid = new QGridLayout(fields);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    grid->addWidget(makeLabel(tr("Project &name"), m_name), 0, 0);
    grid->addWidget(m_name, 0, 1);
    grid->addWidget(makeLabel(tr("&Output folder"), m_folder), 1, 0);
    grid->addLayout(makeRow({m_folder, browse}, 0), 1, 1);
    grid->addWidget(m_folderHint, 2, 1);
    grid->addWidget(makeLabel(tr("Compatibility &date"), m_date), 3, 0);
    grid->addLayout(makeRow({m_date}, -1), 3, 1);
    grid->addWidget(new QLabel(tr("File")), 4, 0);
    grid->addLayout(makeRow({m_toml, m_jsonc}, -1), 4, 1);
    return fields;
}

QWidget *NewProjectForm::makeImport()
{
    m_script->setAccessibleName(tr("Script"));
    m_command->setFont(monospaceFont());
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_imported->setWordWrap(true);
    m_imported->setTextFormat(Qt::PlainText);
    m_import = new QWidget;
    auto *column = new QVBoxLayout(m_import);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addLayout(makeRow({m_importWanted, m_script}, -1));
    column->addWidget(m_command);
    column->addWidget(m_imported);
    return m_import;
}

QWidget *NewProjectForm::makePreview()
{
    m_preview->setAccessibleName(tr("What will be written"));
    auto *preview = new QWidget;
    auto *column = new QVBoxLayout(preview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeLabel(tr("What will be written"), m_preview));
    column->addWidget(m_preview);
    return preview;
}

void NewProjectForm::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    look();
}

void NewProjectForm::look()
{
    fillFolders();
    fillScripts();
    edited();
}

void NewProjectForm::fillFolders()
{
    const QStringList found = existingFolders(m_session.options().project);
    const QString before = m_folder->currentText();
    const bool own = !before.isEmpty() && before != m_likelyFolder; // what the user wrote stays
    m_likelyFolder = found.isEmpty() ? u"public"_s : found.front();
    const QSignalBlocker quiet(m_folder);
    m_folder->clear();
    m_folder->addItems(found);
    m_folder->setCurrentText(own ? before : m_likelyFolder);
}

void NewProjectForm::fillScripts()
{
    const auto package = base::readFile(m_session.options().project / "package.json"); // without one there is nothing to import
    std::vector<config::DevScript> scripts = package ? config::findDevScripts(*package) : std::vector<config::DevScript>();
    // A bare `wrangler pages dev` says nothing that the file does not.
    std::erase_if(scripts, [](const config::DevScript &script) { return script.words.empty(); });
    if (scripts == m_scripts && m_script->count() == static_cast<int>(scripts.size())) {
        m_import->setVisible(!m_scripts.empty());
        return;
    }
    m_scripts = std::move(scripts);
    m_script->clear();
    for (const config::DevScript &script : m_scripts)
        m_script->addItem(fromUtf8(script.name));
    m_script->setVisible(m_scripts.size() > 1);
    m_import->setVisible(!m_scripts.empty());
    if (m_scripts.empty())
        return;
    m_importWanted->setText(m_scripts.size() > 1 ? tr("&Import the flags of the script in package.json:")
                                                 : tr("&Import the flags of the script “%1” in package.json").arg(fromUtf8(m_scripts.front().name).replace(u'&', u"&&"_s)));
    const QSignalBlocker quiet(m_importWanted);
    m_importWanted->setChecked(true);
    takeImport();
}

config::DevImport NewProjectForm::chosenImport() const
{
    const int chosen = m_script->currentIndex();
    if (!m_importWanted->isChecked() || chosen < 0 || chosen >= static_cast<int>(m_scripts.size()))
        return {};
    return config::importFlags(m_scripts[static_cast<std::size_t>(chosen)]);
}

void NewProjectForm::takeImport()
{
    const config::DevImport chosenFlags = chosenImport();
    {
        const QSignalBlocker quietFolder(m_folder);
        const QSignalBlocker quietDate(m_date);
        m_folder->setCurrentText(chosenFlags.outputDir ? fromUtf8(*chosenFlags.outputDir) : m_likelyFolder);
        const QDate date = chosenFlags.compatibilityDate ? QDate::fromString(fromUtf8(*chosenFlags.compatibilityDate), Qt::ISODate) : QDate();
        m_date->setDate(date.isValid() ? date : QDate::currentDate());
    }
    const int chosen = std::max(0, m_script->currentIndex());
    m_command->setText(chosen < static_cast<int>(m_scripts.size()) ? fromUtf8(m_scripts[static_cast<std::size_t>(chosen)].command) : QString());
    QStringList told;
    for (const config::DevImport::Left &left : chosenFlags.left)
        told << tr("%1 stays out: %2").arg(fromUtf8(left.flag), fromUtf8(left.why));
    const bool variables = std::ranges::any_of(chosenFlags.edits, [](const config::Edit &edit) { return std::holds_alternative<config::AddVariable>(edit); });
    if (variables)
        told << tr("The values of --binding stand in the file for all to read. Leave out what is secret, and add it as a secret later.");
    m_imported->setText(told.join(u'\n'));
    m_imported->setVisible(!told.isEmpty());
    edited();
}

void NewProjectForm::chooseFolder()
{
    const QString project = fromPath(m_session.options().project);
    auto *dialog = new QFileDialog(this, tr("Output folder"), project);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, project](const QString &folder) { m_folder->setCurrentText(QDir(project).relativeFilePath(folder)); });
    dialog->open();
}

session::ConfigStore::NewFile NewProjectForm::file() const
{
    config::DevImport chosenFlags = chosenImport();
    session::ConfigStore::NewFile file;
    file.form = m_toml->isChecked() ? Form::Toml : Form::Jsonc;
    file.projectName = toUtf8(m_name->text().trimmed());
    file.outputDir = toUtf8(m_folder->currentText().trimmed());
    file.compatibilityDate = toUtf8(m_date->date().toString(Qt::ISODate));
    file.compatibilityFlags = std::move(chosenFlags.compatibilityFlags);
    file.edits = std::move(chosenFlags.edits);
    return file;
}

QString NewProjectForm::problem() const
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return tr("The project needs a name.");
    if (!config::isProjectName(toUtf8(name)))
        return tr("The project's name may hold only a to z, 0 to 9, - and _, and cannot begin with -.");
    const QString folder = m_folder->currentText().trimmed();
    if (folder.isEmpty())
        return tr("Name the folder that is served: what your build puts out.");
    if (QDir::isAbsolutePath(folder) || QDir::cleanPath(folder).startsWith(u".."_s))
        return tr("The output folder has to lie in the project, named from there: public, or dist/client.");
    return {};
}

void NewProjectForm::edited()
{
    const QString wrong = problem();
    const QString folder = m_folder->currentText().trimmed();
    std::error_code error;
    const bool there = fs::is_directory(m_session.options().project / toPath(folder), error);
    m_folderHint->setText(!wrong.isEmpty() || there ? QString() : tr("There is no such folder yet. That is fine if your build makes it."));
    m_folderHint->setVisible(!m_folderHint->text().isEmpty());
    m_create->setText(tr("Create %1").arg(m_toml->isChecked() ? u"wrangler.toml"_s : u"wrangler.jsonc"_s));

    const auto text = m_session.config().newText(file());
    m_problem->setText(!wrong.isEmpty() ? wrong : text ? QString() : formatError(text.error()));
    m_create->setEnabled(m_problem->text().isEmpty());
    m_create->setToolTip(m_problem->text());
    m_preview->setPlainText(text ? fromUtf8(*text) : QString());
    const int lines = std::clamp(m_preview->blockCount(), 4, 24);
    m_preview->setFixedHeight(lines * m_preview->fontMetrics().lineSpacing() + 14);
}

void NewProjectForm::create()
{
    if (!m_create->isEnabled())
        return;
    if (const auto made = m_session.config().create(file()); !made) {
        m_problem->setText(formatError(made.error()));
        return;
    }
    Q_EMIT created();
}

} // namespace cleat::ui
