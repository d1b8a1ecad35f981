// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/bundler.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/functions/candidates.h"
#include "core/functions/esbuild.h"
#include "core/functions/nodeimports.h"
#include "core/functions/urlpath.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace cleat::functions {

namespace {

namespace fs = std::filesystem;
using base::Json;
using base::Result;

constexpr std::chrono::milliseconds timeLimit{60'000};
constexpr std::string_view entryName = "<stdin>";

void appendQuoted(std::string &out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out += "\\x";
            out += digits[byte >> 4];
            out += digits[byte & 15];
            continue;
        }
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

// The module that brings all files together, and which name of which file stands in which of its lines.
struct Entry {
    std::string text;
    std::map<int, std::pair<std::size_t, std::string>> lines;
};

Entry entryFor(const std::vector<Candidate> &candidates)
{
    Entry entry;
    int line = 1;
    for (std::size_t i = 0; i < candidates.size(); ++i, ++line) {
        entry.text += "import * as f" + std::to_string(i) + " from ";
        appendQuoted(entry.text, "./functions/" + candidates[i].path);
        entry.text += ";\n";
    }
    entry.text += "export default {\n";
    ++line;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        appendQuoted(entry.text, candidates[i].path);
        entry.text += ": {\n";
        ++line;
        for (const std::string &name : candidates[i].names) {
            entry.lines[line++] = {i, name};
            entry.text += name + ": f" + std::to_string(i) + "." + name + ",\n";
        }
        entry.text += "},\n";
        ++line;
    }
    entry.text += "};\n";
    return entry;
}

// As wrangler builds Functions, but lowered to what our engine speaks.
std::vector<std::string> commonArguments()
{
    std::vector<std::string> arguments{"--format=esm", "--platform=browser", "--conditions=workerd,worker,browser", "--target=chrome102", "--supported:regexp-set-notation=true",
        "--loader:.js=jsx", "--loader:.mjs=jsx", "--loader:.cjs=jsx", "--loader:.txt=text", "--loader:.html=text", "--loader:.sql=text",
        "--loader:.bin=copy", "--loader:.wasm=copy", "--keep-names", "--log-level=warning", "--log-limit=0", "--color=false"};
    for (const char *name : {"process.env.NODE_ENV", "global.process.env.NODE_ENV", "globalThis.process.env.NODE_ENV"})
        arguments.push_back("--define:" + std::string(name) + "=\"development\"");
    return arguments;
}

base::Error failureOf(const std::vector<EsbuildMessage> &messages, const EsbuildRun &run)
{
    constexpr int shown = 10;
    base::Error error{"bundle.failed", {}, {}};
    int count = 0;
    for (const EsbuildMessage &message : messages) {
        if (message.kind != EsbuildMessage::Kind::Error || ++count > shown)
            continue;
        if (error.message.empty())
            error.place = message.place;
        else
            error.message += "\n\n";
        error.message += message.block;
    }
    if (count > shown)
        error.message += "\n\nAnd " + std::to_string(count - shown) + " more.";
    if (error.message.empty())
        error.message = "esbuild failed with status " + std::to_string(run.exitCode) + (run.messages.empty() ? "." : ":\n" + run.messages);
    return error;
}

// Rewrites the "sources" of a map, URLs relative to the temporary folder, as plain paths relative to the project.
Result<std::string> relocatedMap(std::string map, const fs::path &from, const fs::path &project)
{
    const auto relocate = [&](Json &sources) {
        for (Json &source : sources) {
            std::string path = source.get<std::string>(); // a URL: "[id].ts" is "%5Bid%5D.ts"
            path = percentDecoded(path).value_or(path);
            if (path.starts_with("dataurl:")) // no file at all
                source = "data:";
            else if (path != entryName)
                source = (from / path).lexically_normal().lexically_relative(project).generic_string();
        }
    };
    // esbuild writes the list on a line of its own near the start; the rest can be megabytes.
    constexpr std::string_view key = "\n  \"sources\": ";
    const std::size_t start = map.find(key);
    const std::size_t end = start == std::string::npos ? start : map.find("],\n", start);
    if (end == std::string::npos)
        return base::fail("bundle.failed", "esbuild's source map has a form that is not known.");
    const std::size_t list = start + key.size();
    Json sources = Json::parse(std::string_view(map).substr(list, end + 1 - list), nullptr, false);
    if (!sources.is_array() || !std::ranges::all_of(sources, [](const Json &s) { return s.is_string(); }))
        return base::fail("bundle.failed", "esbuild's source map has a form that is not known.");
    relocate(sources);
    map.replace(list, end + 1 - list, sources.dump());
    return map;
}

} // namespace

/// Where one project is built: a folder for what esbuild writes, and an esbuild that waits there for the module that brings all together.
class Bundler::Workplace final
{
public:
    static Result<std::unique_ptr<Workplace>> make(const fs::path &esbuild, const fs::path &project, NodeCompat node)
    {
        std::unique_ptr<Workplace> made(new Workplace(esbuild, project, node));
        if (!made->m_temporary.isValid())
            return base::fail("bundle.failed", "No temporary folder could be made: " + made->m_temporary.errorString().toStdString() + ".");
        std::error_code error;
        made->m_folder = fs::canonical(made->m_temporary.path().toStdString(), error);
        if (error)
            return base::fail("bundle.failed", "The temporary folder cannot be used: " + error.message() + ".");
        return made;
    }

    Result<void> prepare()
    {
        auto process = startBundling();
        if (!process)
            return std::unexpected(std::move(process.error()));
        m_waiting = std::move(*process);
        return {};
    }

    bool isFor(const fs::path &project, NodeCompat node) const
    {
        std::error_code error;
        return m_project == project && m_node == node && fs::is_directory(m_folder, error);
    }

    Result<Bundle> runWorker(const fs::path &script, Form form) { return workerOnce(script, form); }

    Result<Bundle> runFunctions()
    {
        Result<std::vector<Candidate>> candidates = findCandidates(m_project / "functions");
        if (!candidates)
            return std::unexpected(candidates.error());
        // A file that turns out to export no handler must not be part of the bundle, so it is left out and the rest is built again.
        while (!candidates->empty()) {
            Result<Bundle> bundle = bundleOnce(*candidates);
            if (!bundle) {
                if (bundle.error().code != "bundle.failed" || m_dropped || !dropFilesWithoutHandlers(*candidates))
                    return bundle;
                continue;
            }
            const std::size_t before = candidates->size();
            std::erase_if(*candidates, [&](const Candidate &c) { return m_exports[c.path].empty(); });
            if (candidates->size() != before)
                continue;
            std::vector<FunctionFile> files;
            for (const auto &[path, names] : m_exports)
                files.push_back({path, names});
            Result<std::vector<Route>> routes = buildRoutes(files);
            if (!routes)
                return std::unexpected(routes.error());
            bundle->routes = *std::move(routes);
            return bundle;
        }
        return Bundle{};
    }

private:
    Workplace(const fs::path &esbuild, const fs::path &project, NodeCompat node)
        : m_esbuild(esbuild), m_project(project), m_node(node), m_temporary(QDir::tempPath() + QStringLiteral("/cleat-build-XXXXXX"))
    {
    }

    Result<EsbuildProcess> startEsbuild(std::vector<std::string> arguments) const
    {
        std::vector<std::string> all = commonArguments();
        std::ranges::move(arguments, std::back_inserter(all));
        return EsbuildProcess::start(m_esbuild, m_project, all);
    }

    Result<EsbuildProcess> startBundling() const
    {
        std::vector<std::string> arguments = nodeArguments(m_node);
        arguments.insert(arguments.end(), {"--bundle", "--external:cloudflare:*", "--external:assets:*", "--sourcemap=external", "--outfile=" + (m_folder / "out.js").string(),
                                              "--metafile=" + (m_folder / "meta.json").string()});
        return startEsbuild(std::move(arguments));
    }

    // What one run of esbuild left.
    struct Built {
        Bundle bundle;
        std::vector<EsbuildMessage> messages;
        std::set<std::string> commonJs;
        std::set<std::string> neither; ///< that import and export nothing
    };

    Result<Built> bundleText(const std::string &text)
    {
        if (!m_waiting || m_waiting->hasEnded()) {
            if (Result<void> prepared = prepare(); !prepared)
                return std::unexpected(std::move(prepared.error()));
        }
        const Result<EsbuildRun> run = std::exchange(m_waiting, std::nullopt)->finish(text, timeLimit);
        if (!run)
            return std::unexpected(run.error());
        Built built;
        built.messages = parseEsbuildMessages(run->messages);
        if (run->exitCode != 0)
            return std::unexpected(withNodeAdvice(failureOf(built.messages, *run), m_node));
        Bundle &bundle = built.bundle;
        bundle.node = m_node;
        Result<std::string> code = base::readFile(m_folder / "out.js");
        if (!code)
            return std::unexpected(code.error());
        bundle.code = *std::move(code);
        Result<std::string> map = base::readFile(m_folder / "out.js.map");
        if (!map)
            return std::unexpected(map.error());
        map = relocatedMap(*std::move(map), m_folder, m_project);
        if (!map)
            return std::unexpected(map.error());
        bundle.sourceMap = *std::move(map);
        if (Result<void> read = readParts(bundle); !read)
            return std::unexpected(read.error());

        const Result<std::string> metaText = base::readFile(m_folder / "meta.json");
        if (!metaText)
            return std::unexpected(metaText.error());
        const Json meta = Json::parse(*metaText, nullptr, false);
        if (!meta.is_object() || !meta.contains("inputs"))
            return base::fail("bundle.failed", "esbuild's report has a form that is not known.");
        std::map<std::string, std::set<std::string>> externals;
        for (const auto &[name, input] : meta["inputs"].items()) {
            if (name == entryName || name.starts_with('(') || name.starts_with('<'))
                continue;
            for (const Json &import : input.value("imports", Json::array())) {
                if (import.value("external", false))
                    externals[import.value("path", std::string())].insert(name);
            }
            const std::string format = input.value("format", std::string());
            if (format == "cjs")
                built.commonJs.insert(name);
            else if (format.empty())
                built.neither.insert(name);
            std::error_code error;
            fs::path path = (m_project / name).lexically_normal();
            if (!fs::exists(path, error)) // "./a.txt?raw" is the file a.txt
                path = path.string().substr(0, path.string().find_last_of("?#"));
            bundle.inputs.push_back(std::move(path));
        }
        Result<std::vector<AssetFolder>> folders = resolveAssetImports(bundle.code, externals, m_project);
        if (!folders)
            return std::unexpected(folders.error());
        bundle.assetFolders = *std::move(folders);
        for (base::Error &warning : nodeWarnings(externals, m_node))
            bundle.warnings.push_back(std::move(warning));
        std::ranges::sort(bundle.inputs);
        const auto repeated = std::ranges::unique(bundle.inputs);
        bundle.inputs.erase(repeated.begin(), repeated.end());
        return built;
    }

    // Files that esbuild put beside the code.
    Result<void> readParts(Bundle &bundle) const
    {
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(m_folder, error)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".wasm" && extension != ".bin")
                continue;
            Result<std::string> bytes = base::readFile(entry.path());
            if (!bytes)
                return std::unexpected(bytes.error());
            bundle.parts.push_back({"./" + entry.path().filename().string(), extension == ".wasm" ? BundlePart::Kind::Wasm : BundlePart::Kind::Data, *std::move(bytes)});
            fs::remove(entry.path(), error);
        }
        std::ranges::sort(bundle.parts, {}, &BundlePart::name);
        return {};
    }

    Result<Bundle> workerOnce(const fs::path &script, Bundler::Form form)
    {
        const std::string name = script.lexically_relative(m_project).generic_string();
        std::string from;
        appendQuoted(from, "./" + name);
        Result<Built> built = bundleText("export * from " + from + ";\nimport * as worker from " + from + ";\nexport default worker.default;\n");
        if (built && form == Bundler::Form::ModuleOrScript && built->neither.contains(name)) // esbuild made it a CommonJS module, whose default export is an object
            built = bundleText("import " + from + ";\nexport default undefined;\n");
        if (!built)
            return std::unexpected(built.error());
        Bundle &bundle = built->bundle;
        for (EsbuildMessage &message : built->messages) {
            if (message.place.file != entryName)
                bundle.warnings.push_back({"bundle.warning", std::move(message.block), std::move(message.place)});
        }
        bundle.kind = Bundle::Kind::Worker;
        for (const char *path : {"/cdn-cgi/handler/scheduled", "/cdn-cgi/local/scheduled"})
            bundle.routes.push_back({path, "/", {}, {}, {{workerFile, workerScheduled}}});
        bundle.routes.push_back({"/:path*", "/", {}, {}, {{workerFile, workerFetch}}});
        return std::move(bundle);
    }

    Result<Bundle> bundleOnce(const std::vector<Candidate> &candidates)
    {
        const Entry entry = entryFor(candidates);
        Result<Built> built = bundleText(entry.text);
        if (!built)
            return std::unexpected(built.error());
        Bundle bundle = std::move(built->bundle);
        std::set<std::pair<std::size_t, std::string>> missing;
        for (EsbuildMessage &message : built->messages) {
            if (message.place.file != entryName)
                bundle.warnings.push_back({"bundle.warning", std::move(message.block), std::move(message.place)});
            else if (const auto line = entry.lines.find(message.place.line); message.id == "import-is-undefined" && line != entry.lines.end())
                missing.insert(line->second);
        }

        m_exports.clear();
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const Candidate &candidate = candidates[i];
            std::vector<std::string> &exports = m_exports[candidate.path];
            if (built->commonJs.contains("functions/" + candidate.path))
                continue;
            std::ranges::copy_if(candidate.names, std::back_inserter(exports), [&](const std::string &name) { return !missing.contains({i, name}); });
            // "export *" of a module whose names only the running program knows: what the file itself names counts.
            if (candidate.reexportsAll && exports.size() == handlerNames().size())
                exports = candidate.inText;
            std::ranges::sort(exports); // the order in which esbuild reports them
        }
        return bundle;
    }

    // For a bundle that failed: each file by itself, without its imports, tells what it exports. True when some file could be left out.
    bool dropFilesWithoutHandlers(std::vector<Candidate> &candidates)
    {
        m_dropped = true;
        std::vector<std::string> arguments{"--outdir=" + (m_folder / "single").string(), "--outbase=functions",
            "--metafile=" + (m_folder / "single.json").string()};
        for (const Candidate &candidate : candidates)
            arguments.push_back("./functions/" + candidate.path);
        auto process = startEsbuild(std::move(arguments));
        const Result<EsbuildRun> run = process ? process->finish({}, timeLimit) : std::unexpected(process.error());
        if (!run || run->exitCode != 0)
            return false;
        const Result<std::string> text = base::readFile(m_folder / "single.json");
        const Json meta = text ? Json::parse(*text, nullptr, false) : Json();
        if (!meta.is_object() || !meta.contains("outputs"))
            return false;
        std::set<std::string> handling;
        for (const auto &[name, output] : meta["outputs"].items()) {
            for (const Json &exported : output.value("exports", Json::array())) {
                if (std::ranges::find(handlerNames(), exported.get<std::string>()) != handlerNames().end())
                    handling.insert(output.value("entryPoint", std::string()));
            }
        }
        const std::size_t before = candidates.size();
        std::erase_if(candidates, [&](const Candidate &c) { return !c.reexportsAll && !handling.contains("functions/" + c.path); });
        return candidates.size() != before;
    }

    const fs::path m_esbuild;
    const fs::path m_project;
    const NodeCompat m_node;
    QTemporaryDir m_temporary;
    fs::path m_folder; ///< of m_temporary
    std::optional<EsbuildProcess> m_waiting;
    std::map<std::string, std::vector<std::string>> m_exports;
    bool m_dropped = false;
};

Bundler::Bundler(fs::path esbuild) : m_esbuild(std::move(esbuild)) {}

Bundler::~Bundler() = default;

template <typename Work>
Result<Bundle> Bundler::at(const fs::path &project, NodeCompat node, Work &&work)
{
    std::unique_ptr<Workplace> place = std::move(m_prepared);
    if (!place || !place->isFor(project, node)) {
        auto made = Workplace::make(m_esbuild, project, node);
        if (!made)
            return std::unexpected(std::move(made.error()));
        place = std::move(*made);
    }
    m_lastProject = project;
    m_lastNode = node;
    return work(*place);
}

void Bundler::prepareNext()
{
    if (m_lastProject.empty() || m_prepared)
        return;
    auto next = Workplace::make(m_esbuild, m_lastProject, m_lastNode);
    if (next && (*next)->prepare())
        m_prepared = std::move(*next);
}

Result<Bundle> Bundler::build(const fs::path &project, NodeCompat node)
{
    std::error_code error;
    const fs::path root = fs::canonical(project, error);
    if (error)
        return base::fail("bundle.failed", "The project folder " + project.string() + " cannot be used: " + error.message() + ".");
    if (!fs::is_directory(root / "functions", error))
        return Bundle{};
    return at(root, node, [](Workplace &place) { return place.runFunctions(); });
}

Result<Bundle> Bundler::buildWorker(const fs::path &project, const fs::path &script, NodeCompat node, Form form)
{
    std::error_code error;
    const fs::path root = fs::canonical(project, error);
    if (error)
        return base::fail("bundle.failed", "The project folder " + project.string() + " cannot be used: " + error.message() + ".");
    const fs::path file = fs::canonical(script, error);
    if (error)
        return base::fail("bundle.failed", "The script " + script.string() + " cannot be read: " + error.message() + ".", {script.string()});
    return at(root, node, [&](Workplace &place) { return place.runWorker(file, form); });
}

fs::path workerScript(const fs::path &assets, const std::string &name)
{
    std::error_code error;
    const fs::path script = assets / name;
    if (fs::is_directory(script, error))
        return script / "index.js";
    return fs::exists(script, error) ? script : fs::path();
}

} // namespace cleat::functions
