// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// Processes that write into a KV namespace "survival", a bucket "survival" (objects in one piece and in parts), a D1 database "survival" and caches.default, and
/// that are killed in the middle of it, one after the other.
class Survival
{
public:
    Survival(std::filesystem::path state, unsigned seed) : m_state(std::move(state)), m_random(seed) {}

    /// One child, from its start to its SIGKILL at a random moment, and a look at all that it and those before it acknowledged. Empty when all of it is there and
    /// whole, else what is not.
    QString round();
    /// Sweeps what the crashes left behind. Empty when every value's file is then named by a row, and every row's file is there.
    QString sweep();

    enum class Kind : int { Kv, Object, Parts, Rows, Cache };
    static constexpr int slots_ = 7;
    /// What is there under each key, as far as it was acknowledged: the number that its text begins with, or nothing after a deletion.
    const std::map<std::pair<Kind, int>, std::optional<int>> &known() const { return m_known; }
    /// Numbers of the rows that were acknowledged.
    const std::vector<int> &rows() const { return m_rows; }
    int writes() const { return m_writes; }

    static std::string key(int slot) { return "k" + std::to_string(slot); }
    static std::string url(int slot) { return "http://survival.test/" + std::to_string(slot); }
    /// The value that write number n writes.
    static std::string value(int n);

private:
    struct Report {
        Kind kind = Kind::Kv;
        int number = 0; ///< negative: a deletion
        enum class Phase : int { Begins, Done } phase = Phase::Begins;
        int slot() const { return (number < 0 ? -number : number) % slots_; }
    };
    [[noreturn]] void child(int pipe) const;
    QString check(const std::optional<Report> &pending);

    const std::filesystem::path m_state;
    std::mt19937 m_random;
    int m_next = 1;
    int m_writes = 0;
    std::map<std::pair<Kind, int>, std::optional<int>> m_known;
    std::vector<int> m_rows;
};
