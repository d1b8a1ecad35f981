// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerdirectory.h"

#include <utility>

namespace cleat::runtime {

bool LinkPort::post(LinkMessage &&message)
{
    std::lock_guard lock(m_mutex);
    if (!m_take)
        return false;
    m_take(std::move(message));
    return true;
}

void LinkPort::close()
{
    std::lock_guard lock(m_mutex);
    m_take = nullptr;
}

void WorkerDirectory::enter(const std::string &name, std::shared_ptr<LinkPort> port)
{
    std::lock_guard lock(m_mutex);
    m_ports[name] = std::move(port);
}

void WorkerDirectory::leave(const std::string &name, const std::shared_ptr<LinkPort> &port)
{
    std::lock_guard lock(m_mutex);
    const auto found = m_ports.find(name);
    if (found != m_ports.end() && found->second == port)
        m_ports.erase(found);
}

std::shared_ptr<LinkPort> WorkerDirectory::find(const std::string &name) const
{
    std::lock_guard lock(m_mutex);
    const auto found = m_ports.find(name);
    return found == m_ports.end() ? nullptr : found->second;
}

LinkId newLink()
{
    static std::atomic<LinkId> last{0};
    return ++last << 1;
}

} // namespace cleat::runtime
