// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/bindings/analytics/datapoint.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using bindings::analytics::DataPoint;

constexpr std::uint32_t mostSpans = 20; // of a request: a Function may write points by the hundred

std::string numberJson(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    if (std::array<char, 40> shorter{}; std::snprintf(shorter.data(), shorter.size(), "%.15g", value) > 0 && std::strtod(shorter.data(), nullptr) == value)
        return shorter.data();
    return text.data();
}

std::string shown(const DataPoint &point)
{
    ShownFields fields;
    if (!point.index().empty())
        fields.add("indexes", '[' + preview(point.index()) + ']');
    std::string list;
    for (std::size_t i = 0; i < point.blobs(); ++i)
        list += (i ? "," : "") + preview(point.blob(i));
    if (!list.empty())
        fields.add("blobs", '[' + list + ']');
    list.clear();
    for (std::size_t i = 0; i < point.doubles(); ++i)
        list += (i ? "," : "") + numberJson(point.number(i));
    if (!list.empty())
        fields.add("doubles", '[' + list + ']');
    return '[' + fields.json() + ']';
}

/// analyticsWrite(binding, how many indexes, how many doubles, ...indexes, ...doubles, ...blobs): texts or bytes, and numbers; undefined is an empty one
void analyticsWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    PendingRequest *const request = state.pending(state.currentRequest());
    if (request && request->dataPoints >= state.limits.dataPoints) {
        throwError(js, "Analytics Engine write limit exceeded.");
        return;
    }
    const std::uint32_t before = request ? request->dataPoints++ : 0;
    const auto &binding = state.realm().analytics.at(arguments[0]->Uint32Value(js.context).FromMaybe(0));
    const int firstDouble = 3 + static_cast<int>(arguments[1]->Uint32Value(js.context).FromMaybe(0));
    const int firstBlob = firstDouble + static_cast<int>(arguments[2]->Uint32Value(js.context).FromMaybe(0));
    const auto bytes = [&](int i) { return arguments[i]->IsString() ? toStd(js, arguments[i]) : std::string(bytesOf(arguments[i])); };
    DataPoint point;
    point.timeMs = base::wallMs();
    for (int i = 3; i < firstDouble; ++i)
        point.addIndex(bytes(i));
    for (int i = firstDouble; i < firstBlob; ++i)
        point.addDouble(arguments[i]->IsNumber() ? arguments[i].As<v8::Number>()->Value() : 0);
    for (int i = firstBlob; i < arguments.Length(); ++i)
        point.addBlob(bytes(i));
    const auto fine = point.check();
    if (!fine || (before < mostSpans && state.records(request))) {
        CallRecorder call(state, "analytics", binding.name, "writeDataPoint", 6);
        if (call.wanted()) {
            call.event().arguments = shown(point);
            if (before + 1 == mostSpans)
                call.event().result = "\"(further data points of this request are not listed)\"";
            if (!fine)
                call.event().error = fine.error().message; // the code is not told, as in production
        }
        call.end();
    }
    if (fine)
        binding.writer->write(binding.dataset, std::move(point));
}

constexpr std::array natives = {
    Native{"analyticsWrite", analyticsWrite},
};

} // namespace

std::span<const Native> analyticsNatives()
{
    return natives;
}

} // namespace cleat::runtime
