// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/ai/provider.h"
#include "core/bindings/analytics/pointwriter.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/queues/queuestore.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/runtime/js.h"
#include "core/runtime/jsonreader.h"
#include "core/runtime/modulemap.h"
#include "core/runtime/sourcemap.h"
#include "core/runtime/worker.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace cleat::bindings::ai {
class Recordings;
}

namespace cleat::bindings::hyperdrive {
class DatabaseCache;
class QueryCache;
}

namespace cleat::bindings::vectorize {
class VectorIndex;
}

namespace cleat::runtime {

/// The functions of the JavaScript half that C++ calls, in the order of Realm's table.
enum class Entry { Dispatch, Prepare, Install, ModuleExports, BodyReady, Drained, FetchHead, FetchFailed, UploadReady, Aborted, DescribeError, MirrorConsole, PromiseRejected, SocketEvent, WebSocketEvent, LinkEvent, Trigger, ObjectEvent, Count };

/// One loaded version of the user's code: a V8 context, its module, its env. Old ones live on until their last request is done.
/// The isolate's thread only.
class Realm final
{
public:
    struct KvBinding {
        std::string name;
        std::shared_ptr<bindings::kv::KvNamespace> space;
    };
    struct D1Binding {
        std::string name;
        std::shared_ptr<bindings::d1::D1Database> database;
    };
    struct R2Binding {
        std::string name;
        std::shared_ptr<bindings::r2::R2Bucket> bucket;
    };

    struct QueueBinding {
        std::string name;
        std::string queue;
        std::shared_ptr<bindings::queues::QueueStore> store;
    };
    struct VectorizeBinding {
        std::string name;
        std::shared_ptr<bindings::vectorize::VectorIndex> index;
        std::set<std::string> told; ///< properties that filters name in vain, of which the log knows
    };

    struct AnalyticsBinding {
        std::string name;
        std::shared_ptr<bindings::analytics::PointWriter> writer;
        bindings::analytics::PointWriter::DatasetId dataset = nullptr;
    };

    struct AiBinding {
        std::string name;
        bindings::ai::Provider provider;
        std::shared_ptr<bindings::ai::Recordings> recordings; ///< null: none are kept
    };

    /// Round a context from the snapshot; `module` and `bindings` are still to be set. Null when there is none (`context` is empty), or the isolate is being terminated.
    static std::shared_ptr<Realm> create(v8::Isolate *isolate, v8::Local<v8::Context> context);
    ~Realm();
    Realm(const Realm &) = delete;
    Realm &operator=(const Realm &) = delete;

    v8::Local<v8::Context> context() const { return m_context.Get(m_isolate); }
    v8::Local<v8::Function> entry(Entry which) const { return m_entries[static_cast<std::size_t>(which)].Get(m_isolate); }

    /// Compiles and runs the module and hands its handlers and env to the JavaScript half. Needs the context entered. Errors: runtime.load.
    base::Result<void> load(Js js);

    /// Whether what the code writes to its console goes to debuggers, too.
    enum class Mirror { Off, On };
    void mirrorConsole(Mirror mirror);

    /// Where a place of the bundled module is in the user's files.
    base::Place original(int line, int column);
    /// The same as a number for place(): quick for a place that was asked for before. 0 when it is not known.
    std::uint32_t placeNumber(int line, int column);
    const base::Place &place(std::uint32_t number) const { return m_places[number]; }
    /// Where a function of the chain stands: the `nth` of those that Module::handlers[handler] exports.
    std::uint32_t functionPlace(std::uint32_t handler, std::uint32_t nth, v8::Local<v8::Function> function);
    /// A handler that turned out to be one function and no array of them, and where that stands.
    void setSingle(std::uint32_t handler, std::uint32_t place);
    /// Its place, once setSingle() told; nullopt before.
    std::optional<std::uint32_t> single(std::uint32_t handler) const;
    /// Whether its file is a _middleware.
    bool isMiddleware(std::uint32_t handler) const;
    /// Of the bundled module.
    int scriptId() const { return m_scriptId; }
    /// Some lines round a place of the user's files, as they were when the code was built, or else as they are now; `first` becomes the number of the first.
    std::string excerpt(const base::Place &place, int &first);

    std::shared_ptr<const Module> module;
    std::shared_ptr<const Bindings> bindings;
    std::vector<KvBinding> kv;
    std::vector<D1Binding> d1;
    std::vector<R2Binding> r2;
    std::vector<QueueBinding> queues;
    std::vector<VectorizeBinding> vectorize;
    std::vector<AnalyticsBinding> analytics;
    std::vector<AiBinding> ai;
    std::unique_ptr<JsonReader> jsonReader; ///< made when it is used
    std::map<std::string, std::shared_ptr<bindings::hyperdrive::QueryCache>> queryCaches; ///< by Hyperdrive binding; made when they are used
    std::unordered_map<std::uint32_t, std::unique_ptr<bindings::hyperdrive::DatabaseCache>> databaseCaches; ///< by connection
    std::uint32_t lastDatabaseCache = 0;
    v8::Global<v8::String> cfText; ///< request.cf as JSON, of clients that accept `cfEncoding`
    std::string cfEncoding;
    ModuleMap modules;

private:
    Realm() = default;
    bool prepare(Js js);
    base::Result<v8::Local<v8::Value>> runModule(Js js);
    base::Error describe(Js js, v8::TryCatch &caught);
    base::Error describe(Js js, v8::Local<v8::Value> error);

    v8::Isolate *m_isolate = nullptr;
    v8::Global<v8::Context> m_context;
    std::array<v8::Global<v8::Function>, static_cast<std::size_t>(Entry::Count)> m_entries;
    std::optional<SourceMap> m_sourceMap;
    int m_scriptId = -1;
    std::vector<base::Place> m_places{1}; ///< the first is the one that is not known
    std::unordered_map<std::uint64_t, std::uint32_t> m_placeNumbers; ///< by line and column of the module
    std::unordered_map<std::uint64_t, std::uint32_t> m_functionPlaces; ///< by handler and nth
    std::vector<std::optional<std::uint32_t>> m_singles; ///< by handler
};

/// Names that stack traces carry.
inline constexpr const char *runtimeScript = "cleat:runtime";
inline constexpr const char *functionsScript = "cleat:functions";

} // namespace cleat::runtime
