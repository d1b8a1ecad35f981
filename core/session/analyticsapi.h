// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QThread;

namespace cleat::session {

/// The Analytics Engine's SQL API ("SQL API") on a port of this machine, so that a dashboard made for production can ask local data:
/// http://localhost:PORT/client/v4/accounts/ANY/analytics_engine/sql, with the query as the body of a POST or as ?query= of a GET. Answers are the documented ones; a failure is the envelope of
/// Cloudflare's API, {"success":false,"errors":[{"code","message"}],...}, with 400. Whatever token comes is good. It has a port of its own, because under the project's the path could hide
/// one of its routes. As the project's server it refuses a Host that is not this machine's, and pages of other origins. Nothing can be changed by it. Lives on the main thread.
class AnalyticsApi final : public QObject
{
    Q_OBJECT
public:
    /// `state` is the folder that holds v3; `allowedHosts` as in Options.
    AnalyticsApi(std::filesystem::path state, std::vector<std::string> allowedHosts, QObject *parent = nullptr);
    /// Stops what runs.
    ~AnalyticsApi() override;

    /// On "localhost". Codes as HttpServer::listen(). Port 0 takes any.
    base::Result<void> listen(int port);
    int port() const { return m_port; }
    void setStateFolder(const std::filesystem::path &state);

private:
    class Service;
    std::unique_ptr<QThread> m_thread;
    Service *m_service; ///< lives on m_thread
    int m_port = 0;
};

} // namespace cleat::session
