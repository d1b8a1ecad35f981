// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqlaggregates.h"

#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace cleat::data::analytics {

namespace {

/// A value that outlives its row. NULL when there is none.
class Kept final
{
public:
    Kept() = default;
    ~Kept() { sqlite3_value_free(m_value); }
    Kept(const Kept &) = delete;
    Kept &operator=(const Kept &) = delete;
    void keep(sqlite3_value *value)
    {
        sqlite3_value_free(m_value);
        m_value = sqlite3_value_dup(value);
    }
    sqlite3_value *value() const { return m_value; }

private:
    sqlite3_value *m_value = nullptr;
};

int compare(sqlite3_value *left, sqlite3_value *right)
{
    if (sqlite3_value_type(left) == SQLITE_TEXT && sqlite3_value_type(right) == SQLITE_TEXT) {
        const auto text = [](sqlite3_value *value) { return std::string_view(reinterpret_cast<const char *>(sqlite3_value_text(value)), static_cast<std::size_t>(sqlite3_value_bytes(value))); };
        return text(left).compare(text(right));
    }
    if (sqlite3_value_type(left) == SQLITE_INTEGER && sqlite3_value_type(right) == SQLITE_INTEGER) {
        const auto a = sqlite3_value_int64(left);
        const auto b = sqlite3_value_int64(right);
        return a < b ? -1 : a > b ? 1 : 0;
    }
    const double a = sqlite3_value_double(left);
    const double b = sqlite3_value_double(right);
    return a < b ? -1 : a > b ? 1 : 0;
}

template <bool last>
struct Edge {
    Kept kept;
    void step(sqlite3_value **values)
    {
        if (last || !kept.value())
            kept.keep(values[0]);
    }
    void finish(sqlite3_context *context) const
    {
        if (kept.value())
            sqlite3_result_value(context, kept.value());
    }
};

/// (value, of which)
template <int direction>
struct Extreme {
    Kept kept;
    Kept by;
    void step(sqlite3_value **values)
    {
        if (sqlite3_value_type(values[1]) == SQLITE_NULL)
            return;
        if (by.value() && compare(values[1], by.value()) * direction <= 0)
            return;
        by.keep(values[1]);
        kept.keep(values[0]);
    }
    void finish(sqlite3_context *context) const
    {
        if (kept.value())
            sqlite3_result_value(context, kept.value());
    }
};

/// (value, weight, level). As ClickHouse's quantileExactWeighted(): the first value up to which the weights come to the level's part of all.
struct Quantile {
    std::map<double, double> weights;
    double level = 0.5;
    void step(sqlite3_value **values)
    {
        level = sqlite3_value_double(values[2]);
        if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL)
            return;
        const double weight = sqlite3_value_double(values[1]);
        if (weight > 0)
            weights[sqlite3_value_double(values[0])] += weight;
    }
    void finish(sqlite3_context *context) const
    {
        double total = 0;
        for (const auto &[value, weight] : weights)
            total += weight;
        const double threshold = std::ceil(total * level);
        double sum = 0;
        for (const auto &[value, weight] : weights) {
            sum += weight;
            if (sum >= threshold) {
                sqlite3_result_double(context, value);
                return;
            }
        }
        if (!weights.empty())
            sqlite3_result_double(context, weights.rbegin()->first);
    }
};

/// (value, weight, how many): the most frequent values, as JSON.
struct Top {
    std::map<std::pair<int, std::string>, double> weights; ///< by SQLite's type and the text
    int most = 10;
    void step(sqlite3_value **values)
    {
        most = sqlite3_value_int(values[2]);
        const int type = sqlite3_value_type(values[0]);
        if (type == SQLITE_NULL)
            return;
        std::string key;
        if (type == SQLITE_FLOAT) {
            const double value = sqlite3_value_double(values[0]);
            key.assign(reinterpret_cast<const char *>(&value), sizeof value);
        } else {
            key.assign(reinterpret_cast<const char *>(sqlite3_value_text(values[0])), static_cast<std::size_t>(sqlite3_value_bytes(values[0])));
        }
        weights[{type, std::move(key)}] += sqlite3_value_double(values[1]);
    }
    void finish(sqlite3_context *context) const
    {
        std::vector<std::pair<double, const std::pair<int, std::string> *>> sorted;
        for (const auto &[key, weight] : weights)
            sorted.emplace_back(-weight, &key);
        std::ranges::stable_sort(sorted, {}, [](const auto &entry) { return entry.first; });
        nlohmann::json list = nlohmann::json::array();
        for (std::size_t i = 0; i < sorted.size() && i < static_cast<std::size_t>(most); ++i) {
            const auto &[type, text] = *sorted[i].second;
            if (type == SQLITE_INTEGER) {
                list.push_back(std::stoll(text));
            } else if (type == SQLITE_FLOAT) {
                double value = 0;
                std::copy(text.begin(), text.end(), reinterpret_cast<char *>(&value));
                list.push_back(value);
            } else {
                list.push_back(text);
            }
        }
        const std::string json = list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        sqlite3_result_text64(context, json.data(), json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
};

template <typename State>
void step(sqlite3_context *context, int, sqlite3_value **values)
{
    auto **slot = static_cast<State **>(sqlite3_aggregate_context(context, sizeof(State *)));
    if (!slot) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!*slot)
        *slot = new (std::nothrow) State;
    if (!*slot)
        sqlite3_result_error_nomem(context);
    else
        (*slot)->step(values);
}

template <typename State>
void finish(sqlite3_context *context)
{
    auto **slot = static_cast<State **>(sqlite3_aggregate_context(context, 0));
    if (!slot || !*slot)
        return;
    (*slot)->finish(context);
    delete *slot;
    *slot = nullptr;
}

template <typename State>
bool add(sqlite3 *database, const char *name, int arguments)
{
    return sqlite3_create_function_v2(database, name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr, nullptr, step<State>, finish<State>, nullptr) == SQLITE_OK;
}

} // namespace

bool registerAggregates(sqlite3 *database)
{
    return add<Edge<false>>(database, "ae_first", 1) && add<Edge<true>>(database, "ae_last", 1) && add<Extreme<1>>(database, "ae_argmax", 2) && add<Extreme<-1>>(database, "ae_argmin", 2)
        && add<Quantile>(database, "ae_quantile", 3) && add<Top>(database, "ae_top", 3);
}

} // namespace cleat::data::analytics
