// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/comparison.h"

#include "core/base/linediff.h"
#include "core/data/content/fields.h"
#include "core/events/masking.h"
#include "ui/requests/detail/fieldsmodel.h"
#include "ui/requests/detail/spanlook.h"
#include "ui/requests/detail/spantree.h"
#include "ui/requests/detail/waterfall.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace content = data::content;
using Row = Comparison::Row;
using Rows = std::vector<Row>;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::Comparison)
};

void add(Rows &rows, const QString &name, const QString &left, const QString &right)
{
    if (!left.isEmpty() || !right.isEmpty())
        rows.push_back({name, left, right, left == right});
}

QString stateText(const events::RequestEvent &request)
{
    switch (request.state) {
    case events::RequestState::Running:
        return Words::tr("running");
    case events::RequestState::Finished:
        return Words::tr("finished");
    case events::RequestState::Abandoned:
        return Words::tr("broken off");
    }
    return {};
}

QString answerText(const events::RequestEvent &request)
{
    switch (request.answer) {
    case events::Answer::Code:
        return Words::tr("code");
    case events::Answer::Asset:
        return Words::tr("static file");
    case events::Answer::Refused:
        return Words::tr("refused");
    }
    return {};
}

Rows facts(const events::RequestEvent &a, const events::RequestEvent &b)
{
    Rows rows;
    add(rows, Words::tr("Method"), fromUtf8(a.method), fromUtf8(b.method));
    add(rows, Words::tr("Target"), fromUtf8(a.target), fromUtf8(b.target));
    add(rows, Words::tr("Status"), a.status ? QString::number(a.status) : QString(), b.status ? QString::number(b.status) : QString());
    add(rows, Words::tr("State"), stateText(a), stateText(b));
    add(rows, Words::tr("Answered by"), answerText(a), answerText(b));
    add(rows, Words::tr("Handler"), fromUtf8(a.handler), fromUtf8(b.handler));
    add(rows, Words::tr("Environment"), fromUtf8(a.environment), fromUtf8(b.environment));
    add(rows, Words::tr("Request body"), formatBytes(a.requestBytes), formatBytes(b.requestBytes));
    add(rows, Words::tr("Response body"), formatBytes(a.responseBytes), formatBytes(b.responseBytes));
    add(rows, Words::tr("Error"), fromUtf8(a.error), fromUtf8(b.error));
    return rows;
}

Rows times(const events::RequestEvent &a, const events::RequestEvent &b)
{
    Rows rows;
    const std::vector<Phase> left = phasesOf(a, a.durationUs);
    const std::vector<Phase> right = phasesOf(b, b.durationUs);
    const auto text = [](const std::vector<Phase> &phases, Phase::Kind kind) {
        const auto found = std::ranges::find(phases, kind, &Phase::kind);
        return found == phases.end() ? QString() : formatDuration(found->toUs - found->fromUs);
    };
    for (const Phase::Kind kind : {Phase::Kind::Received, Phase::Kind::Queued, Phase::Kind::Code, Phase::Kind::Body})
        add(rows, phaseTitle(kind), text(left, kind), text(right, kind));
    add(rows, Words::tr("All"), formatDuration(a.durationUs), formatDuration(b.durationUs));
    return rows;
}

Rows headers(const std::string &left, const std::string &right)
{
    const content::Head a = content::parseHead(left);
    const content::Head b = content::parseHead(right);
    std::vector<bool> taken(b.fields.size());
    Rows rows;
    const auto shown = [](const content::NamedValue &field) { return events::isSensitiveField(field.name) ? FieldsModel::mask() : fromUtf8(field.value); };
    for (const content::NamedValue &field : a.fields) {
        std::size_t match = 0; // the first of that name that is still there
        while (match < b.fields.size() && (taken[match] || !content::sameName(b.fields[match].name, field.name)))
            ++match;
        if (match == b.fields.size()) {
            rows.push_back({fromUtf8(field.name), shown(field), {}, false});
            continue;
        }
        taken[match] = true;
        const content::NamedValue &other = b.fields[match];
        const bool same = field.value == other.value;
        const QString otherText = shown(other) + (!same && events::isSensitiveField(field.name) ? u' ' + Words::tr("(another)") : QString());
        rows.push_back({fromUtf8(field.name), shown(field), otherText, same});
    }
    for (std::size_t i = 0; i < b.fields.size(); ++i) {
        if (!taken[i])
            rows.push_back({fromUtf8(b.fields[i].name), {}, shown(b.fields[i]), false});
    }
    return rows;
}

/// Spans in the order in which one reads them, from the top down.
struct Line {
    const events::CallEvent *call = nullptr;
    int depth = 0;
    std::string signature;
};

std::vector<Line> linesOf(const std::vector<events::CallEvent> &calls)
{
    const SpanTree tree = spanTree(calls);
    std::vector<Line> lines;
    std::vector<int> open(tree.top.rbegin(), tree.top.rend());
    while (!open.empty()) {
        const SpanTree::Node &node = tree.nodes[static_cast<std::size_t>(open.back())];
        open.pop_back();
        const events::CallEvent &call = calls[node.call];
        lines.push_back({&call, node.depth, std::to_string(node.depth) + ' ' + call.kind + '\0' + call.binding + '\0' + call.method});
        open.insert(open.end(), node.children.rbegin(), node.children.rend());
    }
    return lines;
}

QString spanTextOf(const events::CallEvent &call)
{
    QString text = formatDuration(call.durationUs);
    if (!call.error.empty())
        text += u"  "_s + Words::tr("failed: %1").arg(oneLine(fromUtf8(call.error), 80));
    else if (call.arguments.size() > 2)
        text += u"  "_s + oneLine(fromUtf8(call.arguments), 80);
    return text;
}

Rows spans(const std::vector<events::CallEvent> &left, const std::vector<events::CallEvent> &right)
{
    const std::vector<Line> a = linesOf(left);
    const std::vector<Line> b = linesOf(right);
    std::vector<std::string_view> before;
    std::vector<std::string_view> after;
    for (const Line &line : a)
        before.push_back(line.signature);
    for (const Line &line : b)
        after.push_back(line.signature);
    Rows rows;
    const auto name = [](const Line &line) { return QString(line.depth * 3, u' ') + spanLabel(*line.call); };
    std::size_t i = 0;
    std::size_t j = 0;
    const auto both = [&](std::size_t until) {
        for (; i < until; ++i, ++j) {
            const events::CallEvent &one = *a[i].call;
            const events::CallEvent &two = *b[j].call;
            rows.push_back({name(a[i]), spanTextOf(one), spanTextOf(two), one.arguments == two.arguments && one.error == two.error && one.result == two.result});
        }
    };
    for (const base::Hunk &hunk : base::diffLines(before, after)) {
        both(hunk.beforeBegin);
        for (; i < hunk.beforeEnd; ++i)
            rows.push_back({name(a[i]), spanTextOf(*a[i].call), {}, false});
        for (; j < hunk.afterEnd; ++j)
            rows.push_back({name(b[j]), {}, spanTextOf(*b[j].call), false});
    }
    both(a.size());
    return rows;
}

} // namespace

Comparison compareRecords(const events::RequestRecord &left, const events::RequestRecord &right)
{
    Comparison result;
    const auto section = [&result](const QString &title, Rows rows) {
        if (!rows.empty())
            result.sections.push_back({title, std::move(rows)});
    };
    section(Words::tr("Facts"), facts(left.request, right.request));
    section(Words::tr("Times"), times(left.request, right.request));
    section(Words::tr("Request headers"), headers(left.content.requestHead, right.content.requestHead));
    section(Words::tr("Response headers"), headers(left.content.responseHead, right.content.responseHead));
    section(Words::tr("Calls"), spans(left.calls, right.calls));
    return result;
}

} // namespace cleat::ui
