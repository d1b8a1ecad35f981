// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/hostnames.h"

#include "ui/widgets/text.h"

#include <algorithm>
#include <cctype>

namespace cleat::ui {

using events::Recording;

namespace {

constexpr qsizetype maxKnown = 8'192;
constexpr std::size_t maxAsked = 256; ///< more rows than that are not to be seen at once

} // namespace

std::string_view hostOf(std::string_view head)
{
    constexpr std::string_view name = "host:";
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        const bool isHost = line.size() >= name.size()
            && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
        if (!isHost)
            continue;
        line.remove_prefix(name.size());
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
            line.remove_prefix(1);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        return line;
    }
    return {};
}

HostNames::HostNames(std::function<void()> arrived) : m_arrived(std::move(arrived))
{
    m_soon.setSingleShot(true);
    QObject::connect(&m_soon, &QTimer::timeout, &m_soon, [this] { lookUp(); });
}

void HostNames::setRecording(std::shared_ptr<const Recording> recording)
{
    m_job.stop();
    m_recording = std::move(recording);
    m_known.clear();
    m_asked.clear();
}

QString HostNames::of(Recording::Sequence sequence)
{
    const auto found = m_known.constFind(sequence);
    // The head comes with the end of a request: one that was looked at before is looked at again when it has changed.
    const bool settled = found != m_known.constEnd() && (!found->host.isEmpty() || found->revision == m_recording->revisionOf(sequence));
    if (!settled) {
        if (m_asked.size() < maxAsked && std::ranges::find(m_asked, sequence) == m_asked.end())
            m_asked.push_back(sequence);
        if (!m_soon.isActive() && !m_job.busy())
            m_soon.start(0);
    }
    return found == m_known.constEnd() ? QString() : found->host;
}

void HostNames::lookUp()
{
    using Answers = std::vector<std::pair<Recording::Sequence, Known>>;
    m_job.start(
        [recording = m_recording, asked = std::exchange(m_asked, {})](const std::stop_token &stop) {
            Answers answers;
            for (const Recording::Sequence sequence : asked) {
                if (stop.stop_requested())
                    break;
                Known known;
                known.revision = recording->revisionOf(sequence);
                if (const auto record = recording->record(sequence))
                    known.host = fromUtf8(hostOf(record->content.requestHead));
                answers.emplace_back(sequence, std::move(known));
            }
            return answers;
        },
        [this](Answers &&answers) {
            if (m_known.size() > maxKnown)
                m_known.clear();
            for (auto &[sequence, known] : answers)
                m_known.insert(sequence, std::move(known));
            m_arrived();
            if (!m_asked.empty())
                m_soon.start(0);
        });
}

} // namespace cleat::ui
