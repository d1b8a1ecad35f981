// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/aisettings.h"
#include "core/session/modelservers.h"
#include "ui/widgets/theme.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ToneLabel;

/// Who answers for Workers AI: the provider, its address, its key (which goes into the keychain and is never shown), which model of its stands for which of Workers AI, and where answers are recorded.
/// Takes effect at once; what is wrong is said beside it and is not kept. GUI thread.
class AiForm final : public QWidget
{
    Q_OBJECT
public:
    explicit AiForm(session::Session &session, QWidget *parent = nullptr);
    /// Keeps what was typed last.
    ~AiForm() override;

private:
    void makeFields();
    void refresh();
    void keep();
    void showFieldsOf(session::AiSettings::Provider provider);
    session::AiSettings entered() const;
    void enterModels(const session::AiSettings &settings);
    void find();
    void found(const std::vector<session::ModelServer> &servers, const QString &problem);
    void keepKey();
    void removeKey();
    void keyChanged(session::AiSettings::Key key);
    void say(const QString &text, Tone tone);

    session::Session &m_session;
    session::ModelServers m_servers;
    QComboBox *m_provider;
    ToneLabel *m_providerHint;
    QWidget *m_serverFields;
    QComboBox *m_baseUrl; ///< may be typed; its list holds what was found
    QPushButton *m_find;
    QWidget *m_accountFields;
    QLineEdit *m_account;
    QWidget *m_keyFields;
    QLineEdit *m_key;
    QPushButton *m_keepKey;
    QPushButton *m_removeKey;
    ToneLabel *m_keyState;
    QTableWidget *m_models; ///< the last row is empty, to be filled
    QLineEdit *m_recordings;
    ToneLabel *m_state;
    QTimer m_typed; ///< until what is typed is kept
    bool m_showing = false;
};

} // namespace cleat::ui
