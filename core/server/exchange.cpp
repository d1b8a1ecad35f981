// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/exchange.h"

namespace cleat::server {

Exchange &ExchangeTable::add(Connection &connection)
{
    ExchangeId id = 0;
    if (m_free.empty()) {
        id = (1ULL << slotBits) | m_slots.size();
        m_slots.emplace_back();
    } else {
        id = m_free.back();
        m_free.pop_back();
    }
    Exchange &exchange = m_slots[id & slotMask];
    exchange.id = id;
    exchange.connection = &connection;
    return exchange;
}

void ExchangeTable::remove(Exchange &exchange)
{
    const ExchangeId next = exchange.id + (1ULL << slotBits);
    exchange = Exchange{};
    if (next > slotMask)
        m_free.push_back(next);
}

} // namespace cleat::server
