// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workerfile.h"

#include "core/base/file.h"
#include "core/config/document.h"

#include <array>
#include <system_error>

namespace cleat::session {

namespace fs = std::filesystem;

base::Result<WorkerFile> findWorker(const fs::path &place)
{
    std::error_code error;
    WorkerFile found;
    found.file = fs::absolute(place, error).lexically_normal();
    if (!found.file.has_filename())
        found.file = found.file.parent_path();
    if (!fs::exists(found.file, error))
        return base::fail("worker.missing", found.file.string() + " is not there. Choose the folder of a Worker, or its Wrangler file.", {found.file.string()});
    if (fs::is_directory(found.file, error)) {
        const fs::path folder = found.file;
        found.file.clear();
        for (const char *name : std::array{"wrangler.json", "wrangler.jsonc", "wrangler.toml"}) {
            if (found.file.empty() && fs::is_regular_file(folder / name, error))
                found.file = folder / name;
        }
        if (found.file.empty())
            return base::fail("worker.no-file", "The folder " + folder.string() + " has no Wrangler file. A Worker has a wrangler.toml, wrangler.json or wrangler.jsonc that names its script (`main`).", {folder.string()});
    }
    const auto text = base::readFile(found.file);
    if (!text)
        return std::unexpected(text.error());
    const auto document = config::parseDocument(*text, config::formOf(found.file), found.file.string());
    if (!document)
        return std::unexpected(document.error());
    const config::Node *main = document->root.find("main");
    if (!main || !main->text() || main->text()->empty())
        return base::fail("worker.no-main", found.file.string() + " names no `main`, the script of a Worker. The file of a Pages project cannot be added: open it as a project of its own.", {found.file.string()});
    const config::Node *name = document->root.find("name");
    found.name = name && name->text() && !name->text()->empty() ? *name->text() : found.file.parent_path().filename().string();
    return found;
}

} // namespace cleat::session
