// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/workertriggers.h"

#include <cmath>
#include <set>

namespace cleat::config {

namespace {

class Reader final
{
public:
    Reader(const Document &document, const std::string &path) : m_document(document), m_path(path) {}

    base::Result<WorkerTriggers> read()
    {
        const Node *consumers = m_document.root.at({"queues", "consumers"});
        if (consumers && !consumers->isArray())
            wrong(*consumers, "queues.consumers has to be a list of tables: [[queues.consumers]].");
        std::set<std::string> queues;
        for (std::size_t i = 0; consumers && consumers->isArray() && i < consumers->items.size() && !m_error; ++i) {
            const Node &entry = *consumers->items[i];
            QueueConsumer one = consumer(entry);
            if (!m_error && !queues.insert(one.queue).second)
                wrong(entry, "queues.consumers names the queue " + one.queue + " twice. Remove one of the entries.");
            m_triggers.consumers.push_back(std::move(one));
        }
        const Node *crons = m_document.root.at({"triggers", "crons"});
        if (crons && !crons->isArray())
            wrong(*crons, "triggers.crons has to be a list of texts, such as [\"*/5 * * * *\"].");
        for (std::size_t i = 0; crons && crons->isArray() && i < crons->items.size() && !m_error; ++i) {
            const Node &entry = *crons->items[i];
            if (const std::string *text = entry.text())
                m_triggers.crons.push_back({*text, m_document.place(entry.begin, m_path)});
            else
                wrong(entry, "triggers.crons holds something that is no text.");
        }
        if (m_error)
            return std::unexpected(*m_error);
        return std::move(m_triggers);
    }

private:
    void wrong(const Node &node, const std::string &sentence)
    {
        if (!m_error)
            m_error = base::Error{"worker.triggers", sentence, m_document.place(node.begin, m_path)};
    }

    std::optional<double> number(const Node &entry, const char *name, double from, double to, bool whole)
    {
        const Node *node = entry.find(name);
        if (!node)
            return std::nullopt;
        double value = 0;
        const auto *integer = node->kind == Node::Kind::Scalar ? std::get_if<std::int64_t>(&node->scalar) : nullptr;
        const auto *real = node->kind == Node::Kind::Scalar ? std::get_if<double>(&node->scalar) : nullptr;
        if (node->kind == Node::Kind::Scalar && std::holds_alternative<std::nullptr_t>(node->scalar))
            return std::nullopt;
        if (integer)
            value = static_cast<double>(*integer);
        else if (real)
            value = *real;
        if ((!integer && !real) || !(value >= from && value <= to) || (whole && value != std::floor(value))) {
            wrong(*node, "queues.consumers." + std::string(name) + " has to be a " + (whole ? "whole " : "") + "number from " + std::to_string(static_cast<int>(from)) + " to "
                    + std::to_string(static_cast<int>(to)) + '.');
            return std::nullopt;
        }
        return value;
    }

    std::optional<int> count(const Node &entry, const char *name, int from, int to)
    {
        const auto value = number(entry, name, from, to, true);
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    }

    QueueConsumer consumer(const Node &entry)
    {
        QueueConsumer one;
        one.place = m_document.place(entry.begin, m_path);
        const Node *queue = entry.isTable() ? entry.find("queue") : nullptr;
        if (!queue || !queue->text() || queue->text()->empty()) {
            wrong(entry, "An entry of queues.consumers has no `queue`, the name of the queue that it consumes.");
            return one;
        }
        one.queue = *queue->text();
        if (const Node *type = entry.find("type")) {
            if (type->text() && *type->text() == "http_pull")
                one.type = QueueConsumer::Type::HttpPull;
            else if (!type->text() || *type->text() != "worker")
                wrong(*type, "queues.consumers.type has to be \"worker\" or \"http_pull\".");
        }
        if (const Node *dead = entry.find("dead_letter_queue")) {
            if (dead->text())
                one.deadLetterQueue = *dead->text();
            else
                wrong(*dead, "queues.consumers.dead_letter_queue has to be a text, the name of a queue.");
        }
        one.maxBatchSize = count(entry, "max_batch_size", 0, 100);
        one.maxBatchTimeout = number(entry, "max_batch_timeout", 0, 60, false);
        one.maxRetries = count(entry, "max_retries", 0, 100);
        one.maxConcurrency = count(entry, "max_concurrency", 1, 250);
        one.retryDelay = count(entry, "retry_delay", 0, 86400);
        return one;
    }

    const Document &m_document;
    const std::string &m_path;
    WorkerTriggers m_triggers;
    std::optional<base::Error> m_error;
};

} // namespace

base::Result<WorkerTriggers> workerTriggers(const Document &document, const std::string &path)
{
    return Reader(document, path).read();
}

} // namespace cleat::config
