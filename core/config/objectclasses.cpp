// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/objectclasses.h"

#include <algorithm>
#include <optional>

namespace cleat::config {

namespace {

using Storage = ObjectClass::Storage;

class Reader final
{
public:
    Reader(const Document &document, const std::string &path) : m_document(document), m_path(path) {}

    base::Result<std::vector<ObjectClass>> read()
    {
        const Node *migrations = m_document.root.find("migrations");
        if (migrations && !migrations->isArray())
            wrong(*migrations, "migrations has to be a list of tables: [[migrations]].");
        for (std::size_t i = 0; migrations && migrations->isArray() && i < migrations->items.size(); ++i)
            step(*migrations->items[i]);
        if (m_error)
            return std::unexpected(*m_error);
        return std::move(m_classes);
    }

private:
    void wrong(const Node &node, const std::string &sentence)
    {
        if (!m_error)
            m_error = base::Error{"worker.migrations", sentence, m_document.place(node.begin, m_path)};
    }

    auto found(const std::string &name) { return std::ranges::find(m_classes, name, &ObjectClass::name); }

    void step(const Node &entry)
    {
        if (!entry.isTable()) {
            wrong(entry, "An entry of migrations is no table. Write [[migrations]] with a tag and what changes.");
            return;
        }
        eachName(entry, "new_classes", [this](const Node &node, const std::string &name) { add(node, name, Storage::KeyValue); });
        eachName(entry, "new_sqlite_classes", [this](const Node &node, const std::string &name) { add(node, name, Storage::Sqlite); });
        eachName(entry, "deleted_classes", [this](const Node &node, const std::string &name) {
            if (const auto known = found(name); known != m_classes.end())
                m_classes.erase(known);
            else
                wrong(node, "migrations deletes the class " + name + ", which no migration before it has made.");
        });
        eachPair(entry, "renamed_classes", [this](const Node &node, const std::string &from, const std::string &to) {
            const auto known = found(from);
            if (known == m_classes.end())
                wrong(node, "migrations renames the class " + from + ", which no migration before it has made.");
            else
                known->name = to;
        });
        eachPair(entry, "transferred_classes", [this](const Node &node, const std::string &, const std::string &to) { add(node, to, Storage::Sqlite); });
    }

    void add(const Node &node, const std::string &name, Storage storage)
    {
        if (found(name) != m_classes.end())
            wrong(node, "migrations makes the class " + name + ", which is there already.");
        else
            m_classes.push_back({name, storage});
    }

    template <typename Work>
    void eachName(const Node &entry, const char *key, Work &&work)
    {
        const Node *list = entry.find(key);
        if (!list)
            return;
        if (!list->isArray()) {
            wrong(*list, "migrations." + std::string(key) + " has to be a list of class names.");
            return;
        }
        for (const auto &item : list->items) {
            if (item->text() && !item->text()->empty())
                work(*item, *item->text());
            else
                wrong(*item, "migrations." + std::string(key) + " holds something that is no class name.");
        }
    }

    template <typename Work>
    void eachPair(const Node &entry, const char *key, Work &&work)
    {
        const Node *list = entry.find(key);
        if (!list)
            return;
        if (!list->isArray()) {
            wrong(*list, "migrations." + std::string(key) + " has to be a list of tables with `from` and `to`.");
            return;
        }
        for (const auto &item : list->items) {
            const Node *from = item->isTable() ? item->find("from") : nullptr;
            const Node *to = item->isTable() ? item->find("to") : nullptr;
            if (from && to && from->text() && to->text() && !from->text()->empty() && !to->text()->empty())
                work(*item, *from->text(), *to->text());
            else
                wrong(*item, "An entry of migrations." + std::string(key) + " lacks `from` or `to`, the names of the class before and after.");
        }
    }

    const Document &m_document;
    const std::string &m_path;
    std::vector<ObjectClass> m_classes;
    std::optional<base::Error> m_error;
};

} // namespace

base::Result<std::vector<ObjectClass>> objectClasses(const Document &document, const std::string &path)
{
    return Reader(document, path).read();
}

} // namespace cleat::config
