// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingsegment.h"

#include <algorithm>

namespace cleat::events {

namespace {

template <typename T>
std::size_t held(const std::vector<T> &column)
{
    return column.capacity() * sizeof(T);
}

} // namespace

void RecordingSegment::index(RequestId id, std::uint32_t row)
{
    const auto put = [this](RequestId one, std::size_t at) {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t slot = hashOf(one) & mask;
        while (m_slots[slot] != 0)
            slot = (slot + 1) & mask;
        m_slots[slot] = static_cast<std::uint16_t>(at + 1);
    };
    if ((row + 1) * 3 > m_slots.size() * 2) {
        m_slots.assign(m_slots.empty() ? 64 : m_slots.size() * 2, 0);
        for (std::size_t i = 0; i < row; ++i)
            put(ids[i], i);
    }
    put(id, row);
    lowestId = std::min(lowestId, id);
    highestId = std::max(highestId, id);
}

std::uint32_t RecordingSegment::find(RequestId id) const
{
    if (id < lowestId || id > highestId)
        return none;
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = hashOf(id) & mask; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        if (ids[m_slots[slot] - 1U] == id)
            return m_slots[slot] - 1U;
    }
    return none;
}

RecordingSegment::RequestShape RecordingSegment::shapeOf(const RequestEvent &request)
{
    RequestShape &last = m_lastShape;
    last = {texts.put(request.environment, last.environment), texts.put(request.method, last.method), texts.put(request.handler, last.handler), texts.put(request.error, last.error),
        request.answer, request.kind, request.secure};
    m_lastTarget = texts.put(request.target, m_lastTarget);
    return last;
}

std::uint32_t RecordingSegment::addRow(const RequestEvent &request)
{
    const std::uint32_t row = rows();
    index(request.id, row);
    appendTightly(ids, request.id);
    appendTightly(startUs, request.startUs);
    appendTightly(durationUs, request.durationUs);
    appendTightly(status, request.status);
    appendTightly(state, request.state);
    appendTightly(threw, std::uint8_t(0));
    appendTightly(requestShape, requestShapes.put(shapeOf(request)));
    appendTightly(target, m_lastTarget);
    if (contents.size() == 0)
        contents.put({});
    appendTightly(content, 0U);
    appendTightly(requestBytes, request.requestBytes);
    appendTightly(responseBytes, request.responseBytes);
    appendTightly(revision, 1U);
    appendTightly(m_phases, {request.handedUs, request.beganUs, request.answeredUs});
    appendTightly(m_chains, {});
    setCause(row, request.cause);
    return row;
}

void RecordingSegment::setCause(std::uint32_t row, RequestId cause)
{
    const auto found = std::ranges::lower_bound(m_causes, row, {}, &std::pair<std::uint32_t, RequestId>::first);
    if (found != m_causes.end() && found->first == row)
        found->second = cause;
    else if (cause != 0)
        m_causes.insert(found, {row, cause});
}

void RecordingSegment::setRequest(std::uint32_t row, const RequestEvent &request)
{
    startUs[row] = request.startUs;
    durationUs[row] = request.durationUs;
    status[row] = request.status;
    state[row] = request.state;
    requestShape[row] = requestShapes.put(shapeOf(request));
    target[row] = m_lastTarget;
    requestBytes[row] = request.requestBytes;
    responseBytes[row] = request.responseBytes;
    m_phases[row] = {request.handedUs, request.beganUs, request.answeredUs};
    setCause(row, request.cause);
    ++revision[row];
}

void RecordingSegment::setContent(std::uint32_t row, const ContentEvent &given)
{
    ContentShape &last = m_lastContent;
    last = {texts.put(given.requestHead, last.requestHead), texts.put(given.responseHead, last.responseHead), texts.put(given.cf, last.cf),
        texts.put(given.requestBody, last.requestBody), texts.put(given.responseBody, last.responseBody)};
    content[row] = contents.put(last);
    ++revision[row];
}

void RecordingSegment::addItem(std::uint32_t row, Item item)
{
    const auto at = static_cast<std::uint32_t>(items.size());
    item.row = static_cast<std::uint16_t>(row);
    appendTightly(items, item);
    Chain &chain = m_chains[row];
    if (chain.last == none)
        chain.first = at;
    else
        items[chain.last].next = at;
    chain.last = at;
    ++revision[row];
}

void RecordingSegment::add(std::uint32_t row, const CallEvent &given)
{
    CallShape &last = m_lastCall;
    const Ref kind = texts.put(given.kind, last.kind);
    const std::uint32_t bindingCall = kind == last.kind && kind != 0 ? last.bindingCall : isBindingCall(given) ? 1 : 0;
    last = {given.span, given.parent, kind, texts.put(given.binding, last.binding), texts.put(given.method, last.method), texts.put(given.place.file, last.file), given.place.line,
        given.place.column, given.rowsRead, given.rowsWritten, given.bytes, texts.put(given.arguments, last.arguments), texts.put(given.result, last.result),
        texts.put(given.error, last.error), bindingCall};
    addItem(row, {none, 0, ItemType::Call, callShapes.put(last), given.startUs, given.durationUs});
}

void RecordingSegment::add(std::uint32_t row, const ConsoleEvent &given)
{
    addItem(row, {none, 0, ItemType::Line, static_cast<std::uint32_t>(lines.size()), 0, 0});
    appendTightly(lines, {given.timeUs, given.level, texts.put(given.text), texts.put(given.values), texts.put(given.place.file), given.place.line, given.place.column});
}

void RecordingSegment::add(std::uint32_t row, const ExceptionEvent &given)
{
    addItem(row, {none, 0, ItemType::Thrown, static_cast<std::uint32_t>(exceptions.size()), 0, 0});
    appendTightly(exceptions, {given.timeUs, texts.put(given.message), texts.put(given.stack), texts.put(given.place.file), given.place.line, given.place.column,
                                  texts.put(given.excerpt), given.excerptLine});
    threw[row] = 1;
}

void RecordingSegment::shrink()
{
    const auto each = [](auto &...columns) { (columns.shrink_to_fit(), ...); };
    each(ids, startUs, durationUs, status, state, threw, requestShape, target, content, requestBytes, responseBytes, revision, items, lines, exceptions, m_phases, m_causes, m_chains);
    texts.shrink();
    requestShapes.shrink();
    contents.shrink();
    callShapes.shrink();
}

std::size_t RecordingSegment::bytes() const
{
    const auto sum = [](const auto &...columns) { return (held(columns) + ...); };
    return sizeof *this + texts.bytes() + requestShapes.bytes() + contents.bytes() + callShapes.bytes()
        + sum(ids, startUs, durationUs, status, state, threw, requestShape, target, content, requestBytes, responseBytes, revision, items, lines, exceptions, m_phases, m_causes, m_chains, m_slots);
}

RequestEvent RecordingSegment::request(std::uint32_t row) const
{
    const RequestShape &shape = requestShapes.at(requestShape[row]);
    RequestEvent event;
    event.id = ids[row];
    event.startUs = startUs[row];
    event.durationUs = durationUs[row];
    event.status = status[row];
    event.state = state[row];
    event.answer = shape.answer;
    event.kind = shape.kind;
    event.secure = shape.secure;
    event.handedUs = m_phases[row].handedUs;
    event.beganUs = m_phases[row].beganUs;
    event.answeredUs = m_phases[row].answeredUs;
    event.environment = text(shape.environment);
    event.method = text(shape.method);
    event.target = text(target[row]);
    event.handler = text(shape.handler);
    event.requestBytes = requestBytes[row];
    event.responseBytes = responseBytes[row];
    event.error = text(shape.error);
    if (const auto found = std::ranges::lower_bound(m_causes, row, {}, &std::pair<std::uint32_t, RequestId>::first); found != m_causes.end() && found->first == row)
        event.cause = found->second;
    return event;
}

CallEvent RecordingSegment::call(const Item &item) const
{
    const CallShape &shape = callShapes.at(item.value);
    CallEvent event;
    event.request = ids[item.row];
    event.span = shape.span;
    event.parent = shape.parent;
    event.startUs = item.startUs;
    event.durationUs = item.durationUs;
    event.kind = text(shape.kind);
    event.binding = text(shape.binding);
    event.method = text(shape.method);
    event.place = place(shape.file, shape.line, shape.column);
    event.rowsRead = shape.rowsRead;
    event.rowsWritten = shape.rowsWritten;
    event.arguments = text(shape.arguments);
    event.result = text(shape.result);
    event.error = text(shape.error);
    event.bytes = shape.bytes;
    return event;
}

ConsoleEvent RecordingSegment::line(const Item &item) const
{
    const Line &one = lines[item.value];
    return {ids[item.row], one.timeUs, one.level, std::string(text(one.text)), std::string(text(one.values)), place(one.file, one.line, one.column)};
}

ExceptionEvent RecordingSegment::exception(const Item &item) const
{
    const Thrown &one = exceptions[item.value];
    return {ids[item.row], one.timeUs, std::string(text(one.message)), std::string(text(one.stack)), place(one.file, one.line, one.column), std::string(text(one.excerpt)),
        one.excerptLine};
}

Recording::Row RecordingSegment::row(std::uint32_t row) const
{
    Recording::Row result;
    result.sequence = base + row;
    result.request = request(row);
    for (std::uint32_t at = m_chains[row].first; at != none; at = items[at].next) {
        switch (items[at].type) {
        case ItemType::Call:
            ++result.spans;
            result.calls += callShapes.at(items[at].value).bindingCall;
            break;
        case ItemType::Line:
            ++result.consoleLines;
            break;
        case ItemType::Thrown:
            ++result.exceptions;
            break;
        }
    }
    return result;
}

RequestRecord RecordingSegment::record(std::uint32_t row) const
{
    RequestRecord result;
    result.request = request(row);
    const ContentShape &shape = contents.at(content[row]);
    result.content = {ids[row], std::string(text(shape.requestHead)), std::string(text(shape.responseHead)), std::string(text(shape.cf)), std::string(text(shape.requestBody)),
        std::string(text(shape.responseBody))};
    for (std::uint32_t at = m_chains[row].first; at != none; at = items[at].next) {
        switch (items[at].type) {
        case ItemType::Call:
            result.calls.push_back(call(items[at]));
            break;
        case ItemType::Line:
            result.console.push_back(line(items[at]));
            break;
        case ItemType::Thrown:
            result.exceptions.push_back(exception(items[at]));
            break;
        }
    }
    return result;
}

} // namespace cleat::events
