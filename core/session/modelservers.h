// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cleat::session {

/// A program on this machine that serves models over OpenAI's interface.
struct ModelServer {
    std::string baseUrl;
    std::vector<std::string> models;
    bool operator==(const ModelServer &) const = default;
};

/// Looks for such programs: on each port it asks for the list of models, and takes what answers like one. Main thread only.
class ModelServers final : public QObject
{
    Q_OBJECT
public:
    explicit ModelServers(QObject *parent = nullptr);
    ~ModelServers() override;

    /// finished() follows, within some seconds; a search that runs is dropped.
    void search(std::span<const std::uint16_t> ports);
    /// Asks one server alone, with `key` when it is not empty.
    void ask(const std::string &baseUrl, const std::string &key);

Q_SIGNALS:
    /// In the order of the ports. `problem`: why ask() found none.
    void finished(const std::vector<cleat::session::ModelServer> &servers, const QString &problem);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
