// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/seenwords.h"

#include "ui/widgets/text.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>
#include <string>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::Recording;
using Sequence = Recording::Sequence;

namespace {

constexpr std::uint64_t rowsForPaths = 50'000;
constexpr std::uint64_t rowsForFacts = 4'000;
constexpr std::uint64_t rowsForHeads = 64;
constexpr qsizetype mostPaths = 500;
constexpr qint64 freshMs = 2'000;

using Words = std::set<std::string, std::less<>>;

void addFieldNames(std::string_view head, Words &names)
{
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 || line.substr(0, colon).find(' ') != std::string_view::npos)
            continue;
        std::string name(line.substr(0, colon));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        names.insert(std::move(name));
    }
}

QStringList listOf(const Words &words)
{
    QStringList list;
    for (const std::string &word : words) {
        if (!word.empty())
            list << fromUtf8(word);
    }
    return list;
}

QHash<QString, QStringList> wordsOf(const Recording &recording, const std::stop_token &stop)
{
    QHash<QString, QStringList> found;
    const Recording::Range held = recording.held();
    const auto last = [&held](std::uint64_t count) { return held.end - std::min(count, held.size()); };

    std::vector<Sequence> rows(static_cast<std::size_t>(held.end - last(rowsForPaths)));
    std::iota(rows.begin(), rows.end(), last(rowsForPaths));
    QStringList paths;
    QStringList methods;
    for (const Recording::PathGroup &group : recording.byPath(rows, stop)) {
        const QString method = fromUtf8(group.method);
        if (!methods.contains(method))
            methods << method;
        if (paths.size() < mostPaths)
            paths << fromUtf8(group.path);
    }
    paths.removeDuplicates(); // one for each method
    found[u"path:"_s] = paths;
    found[u"method:"_s] = methods;

    Words statuses;
    Words environments;
    Words handlers;
    for (Sequence sequence = last(rowsForFacts); sequence < held.end && !stop.stop_requested(); ++sequence) {
        const auto row = recording.row(sequence);
        if (!row)
            continue;
        if (row->request.status)
            statuses.insert(std::to_string(row->request.status));
        environments.insert(row->request.environment);
        handlers.insert(row->request.handler);
    }
    found[u"status:"_s] = listOf(statuses);
    found[u"env:"_s] = listOf(environments);
    found[u"handler:"_s] = listOf(handlers);

    Words names;
    Words kinds;
    Words bindings;
    for (Sequence sequence = last(rowsForHeads); sequence < held.end && !stop.stop_requested(); ++sequence) {
        const auto record = recording.record(sequence);
        if (!record)
            continue;
        addFieldNames(record->content.requestHead, names);
        addFieldNames(record->content.responseHead, names);
        for (const events::CallEvent &call : record->calls) {
            kinds.insert(call.kind);
            if (events::isBindingCall(call))
                bindings.insert(call.binding);
        }
    }
    found[u"header."_s] = listOf(names);
    found[u"kind:"_s] = listOf(kinds);
    found[u"binding:"_s] = listOf(bindings);
    return found;
}

} // namespace

SeenWords::SeenWords(std::shared_ptr<const Recording> recording) : m_recording(std::move(recording)) {}

void SeenWords::lookAround()
{
    const std::uint64_t revision = m_recording->revision();
    const bool isFresh = revision == m_revision || (m_since.isValid() && m_since.elapsed() < freshMs);
    if (m_job.busy() || isFresh)
        return;
    m_revision = revision;
    m_job.start([recording = m_recording](const std::stop_token &stop) { return wordsOf(*recording, stop); },
        [this](QHash<QString, QStringList> &&words) {
            m_words = std::move(words);
            m_since.start();
        });
}

} // namespace cleat::ui
