// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/aiform.h"

#include "core/session/session.h"
#include "ui/bindings/formparts.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTableWidget>

#include <algorithm>
#include <iterator>

namespace cleat::ui {

using session::AiSettings;
using Provider = session::AiSettings::Provider;

namespace {

constexpr int keepAfterMs = 500;

QString listed(const std::vector<std::string> &names)
{
    QStringList list;
    for (const std::string &name : names)
        list.append(fromUtf8(name));
    return list.join(QStringLiteral(", "));
}

} // namespace

AiForm::AiForm(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_provider(new QComboBox), m_providerHint(makeHint({})), m_serverFields(new QWidget), m_baseUrl(new QComboBox), m_find(new QPushButton(tr("Find"))),
      m_accountFields(new QWidget), m_account(new QLineEdit), m_keyFields(new QWidget), m_key(new QLineEdit), m_keepKey(new QPushButton(tr("Keep"))), m_removeKey(new QPushButton(tr("Remove"))), m_keyState(makeHint({})),
      m_models(new QTableWidget(0, 2)), m_recordings(new QLineEdit), m_state(makeHint({}))
{
    makeFields();
    m_typed.setSingleShot(true);
    m_typed.setInterval(keepAfterMs);
    connect(&m_typed, &QTimer::timeout, this, &AiForm::keep);
    const auto typed = [this] {
        if (!m_showing)
            m_typed.start();
    };
    connect(m_provider, &QComboBox::currentIndexChanged, this, [this] {
        showFieldsOf(entered().provider);
        keep();
    });
    connect(m_baseUrl, &QComboBox::editTextChanged, this, typed);
    connect(m_account, &QLineEdit::textChanged, this, typed);
    connect(m_recordings, &QLineEdit::textChanged, this, typed);
    connect(m_models, &QTableWidget::cellChanged, this, typed);
    connect(m_find, &QPushButton::clicked, this, &AiForm::find);
    connect(m_key, &QLineEdit::textChanged, this, [this] { m_keepKey->setEnabled(!m_key->text().trimmed().isEmpty()); });
    connect(m_key, &QLineEdit::returnPressed, this, &AiForm::keepKey);
    connect(m_keepKey, &QPushButton::clicked, this, &AiForm::keepKey);
    connect(m_removeKey, &QPushButton::clicked, this, &AiForm::removeKey);
    connect(&m_servers, &session::ModelServers::finished, this, &AiForm::found);
    connect(&m_session, &session::Session::settingsChanged, this, &AiForm::refresh);
    refresh();
}

AiForm::~AiForm()
{
    if (m_typed.isActive())
        keep();
}

void AiForm::makeFields()
{
    auto *column = makeFieldColumn(this);
    m_provider->addItem(tr("Automatic"), static_cast<int>(Provider::Automatic));
    m_provider->addItem(tr("A server with OpenAI's interface"), static_cast<int>(Provider::OpenAi));
    m_provider->addItem(tr("Cloudflare's REST API"), static_cast<int>(Provider::Cloudflare));
    m_provider->addItem(tr("Recorded answers alone"), static_cast<int>(Provider::Recorded));
    addField(*column, tr("&Provider"), m_provider);
    column->addWidget(m_providerHint);

    auto *server = makeFieldColumn(m_serverFields);
    m_baseUrl->setEditable(true);
    m_baseUrl->setInsertPolicy(QComboBox::NoInsert);
    m_baseUrl->lineEdit()->setPlaceholderText(QStringLiteral("http://localhost:11434/v1"));
    m_baseUrl->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_find->setToolTip(tr("Looks for Ollama, LM Studio, llama.cpp and vLLM on this machine"));
    addField(*server, tr("&Address"), m_baseUrl, m_find);
    column->addWidget(m_serverFields);

    auto *account = makeFieldColumn(m_accountFields);
    m_account->setPlaceholderText(tr("CLOUDFLARE_ACCOUNT_ID of the environment"));
    addField(*account, tr("Account &id"), m_account);
    column->addWidget(m_accountFields);

    auto *key = makeFieldColumn(m_keyFields);
    m_key->setEchoMode(QLineEdit::Password);
    auto *buttons = new QWidget;
    auto *row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_keepKey);
    row->addWidget(m_removeKey);
    m_keepKey->setEnabled(false);
    m_keepKey->setAccessibleName(tr("Keep the key"));
    m_removeKey->setAccessibleName(tr("Remove the key"));
    addField(*key, tr("API &key or token"), m_key, buttons);
    key->addWidget(m_keyState);
    column->addWidget(m_keyFields);
    column->addWidget(m_state);
    m_state->hide();

    column->addSpacing(8);
    m_models->setHorizontalHeaderLabels({tr("Model of Workers AI"), tr("Model of the server")});
    m_models->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_models->verticalHeader()->hide();
    m_models->setMinimumHeight(120);
    m_models->setTabKeyNavigation(false);
    addField(*column, tr("&Models"), m_models);
    column->addWidget(makeHint(tr("Without an entry, the server's model that does the like answers, and the console says which.")));
    column->addSpacing(8);
    m_recordings->setPlaceholderText(tr("Empty: answers are not recorded"));
    addField(*column, tr("&Recordings"), m_recordings);
    column->addWidget(makeHint(tr("A folder in the project. Answers are kept there as JSON, and found again with no provider. They hold no keys.")));
}

void AiForm::showFieldsOf(Provider provider)
{
    switch (provider) {
    case Provider::Automatic:
        m_providerHint->setText(tr("What CLEAT_AI_BASE_URL or CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN say, else a server that listens on this machine: Ollama, LM Studio, llama.cpp, vLLM."));
        break;
    case Provider::OpenAi:
        m_providerHint->setText(tr("Ollama, LM Studio, llama.cpp, vLLM or any other one, here or elsewhere."));
        break;
    case Provider::Cloudflare:
        m_providerHint->setText(tr("The real Workers AI. What is asked counts as usage of the account."));
        break;
    case Provider::Recorded:
        m_providerHint->setText(tr("Nobody is asked: what lies in the folder of recordings answers."));
        break;
    }
    m_serverFields->setVisible(provider == Provider::OpenAi);
    m_accountFields->setVisible(provider == Provider::Cloudflare);
    m_keyFields->setVisible(provider == Provider::OpenAi || provider == Provider::Cloudflare);
}

void AiForm::enterModels(const AiSettings &settings)
{
    m_models->setRowCount(static_cast<int>(settings.models.size()) + 1);
    for (int row = 0; row < m_models->rowCount(); ++row) {
        const bool isLast = row == m_models->rowCount() - 1;
        const auto entry = isLast ? std::pair<std::string, std::string>() : settings.models[static_cast<std::size_t>(row)];
        m_models->setItem(row, 0, new QTableWidgetItem(fromUtf8(entry.first)));
        m_models->setItem(row, 1, new QTableWidgetItem(fromUtf8(entry.second)));
    }
}

/// What holds, into the fields; not over what is being typed.
void AiForm::refresh()
{
    if (m_typed.isActive())
        return;
    const QScopedValueRollback showing(m_showing, true);
    const AiSettings &settings = m_session.settings().ai;
    AiSettings shown = entered();
    shown.key = settings.key;
    if (shown != settings) {
        m_provider->setCurrentIndex(m_provider->findData(static_cast<int>(settings.provider)));
        m_baseUrl->setEditText(fromUtf8(settings.baseUrl));
        m_account->setText(fromUtf8(settings.account));
        m_recordings->setText(fromUtf8(settings.recordings.string()));
        enterModels(settings);
    }
    if (m_models->rowCount() == 0)
        enterModels(settings);
    showFieldsOf(settings.provider);
    const bool hasKey = settings.key == AiSettings::Key::InKeychain;
    m_keyState->setTone(Tone::Muted);
    m_keyState->setText(hasKey ? tr("A key is in the system keychain. Nobody can read it here; another one takes its place.") : tr("None is kept. It goes into the system keychain, and to this provider alone."));
    if (hasKey && !m_session.aiKey().error().code.empty()) {
        m_keyState->setTone(Tone::Danger);
        m_keyState->setText(fromUtf8(m_session.aiKey().error().message));
    }
    m_removeKey->setEnabled(hasKey);
}

AiSettings AiForm::entered() const
{
    AiSettings settings = m_session.settings().ai;
    settings.provider = static_cast<Provider>(m_provider->currentData().toInt());
    settings.baseUrl = toUtf8(m_baseUrl->currentText().trimmed());
    settings.account = toUtf8(m_account->text().trimmed());
    settings.recordings = toUtf8(m_recordings->text().trimmed());
    settings.models.clear();
    for (int row = 0; row < m_models->rowCount(); ++row) {
        const auto text = [&](int column) {
            const QTableWidgetItem *item = m_models->item(row, column);
            return item ? toUtf8(item->text().trimmed()) : std::string();
        };
        if (!text(0).empty() && !text(1).empty())
            settings.models.emplace_back(text(0), text(1));
    }
    return settings;
}

void AiForm::keep()
{
    if (m_showing)
        return;
    m_typed.stop();
    session::ProjectSettings settings = m_session.settings();
    settings.ai = entered();
    if (settings.ai.provider == Provider::OpenAi && settings.ai.baseUrl.empty()) {
        m_state->hide(); // the address is still to come
        return;
    }
    if (const auto kept = m_session.setSettings(settings); !kept)
        say(fromUtf8(kept.error().message), Tone::Danger);
    else
        m_state->hide();
    const QTableWidgetItem *last = m_models->item(m_models->rowCount() - 1, 0);
    if (last && !last->text().trimmed().isEmpty()) {
        const QScopedValueRollback showing(m_showing, true);
        const int row = m_models->rowCount();
        m_models->insertRow(row);
        m_models->setItem(row, 0, new QTableWidgetItem);
        m_models->setItem(row, 1, new QTableWidgetItem);
    }
}

void AiForm::find()
{
    m_find->setEnabled(false);
    say(tr("Looking…"), Tone::Muted);
    m_servers.search(bindings::ai::usualPorts);
}

void AiForm::found(const std::vector<session::ModelServer> &servers, const QString &)
{
    m_find->setEnabled(true);
    if (servers.empty()) {
        say(tr("No server with OpenAI's interface listens on this machine, on the ports where they usually do. Start one, or type its address."), Tone::Danger);
        return;
    }
    const QString typed = m_baseUrl->currentText();
    {
        const QScopedValueRollback showing(m_showing, true);
        m_baseUrl->clear();
        for (const session::ModelServer &server : servers)
            m_baseUrl->addItem(fromUtf8(server.baseUrl));
        m_baseUrl->setEditText(typed.trimmed().isEmpty() ? fromUtf8(servers.front().baseUrl) : typed);
    }
    keep();
    QStringList lines;
    for (const session::ModelServer &server : servers)
        lines.append(tr("%1 has %2").arg(fromUtf8(server.baseUrl), server.models.empty() ? tr("no models") : listed(server.models)));
    say(lines.join(u'\n'), Tone::Muted);
}

void AiForm::keepKey()
{
    const QString typed = m_key->text().trimmed();
    if (typed.isEmpty())
        return;
    m_session.aiKey().set(secrets::SecretText(toUtf8(typed)), [self = QPointer(this)](base::Result<void> result) {
        if (!self)
            return;
        if (!result) {
            self->say(fromUtf8(result.error().message), Tone::Danger);
            return;
        }
        self->m_key->clear();
        self->keyChanged(AiSettings::Key::InKeychain);
    });
}

void AiForm::removeKey()
{
    m_session.aiKey().set({}, [self = QPointer(this)](base::Result<void> result) {
        if (!self)
            return;
        if (!result)
            self->say(fromUtf8(result.error().message), Tone::Danger);
        else
            self->keyChanged(AiSettings::Key::None);
    });
}

void AiForm::keyChanged(AiSettings::Key key)
{
    session::ProjectSettings settings = m_session.settings();
    settings.ai.key = key;
    if (const auto kept = m_session.setSettings(settings); !kept)
        say(fromUtf8(kept.error().message), Tone::Danger);
    refresh();
}

void AiForm::say(const QString &text, Tone tone)
{
    m_state->setTone(tone);
    m_state->setText(text);
    m_state->show();
}

} // namespace cleat::ui
