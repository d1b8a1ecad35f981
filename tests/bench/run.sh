#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures Cleat, the real `wrangler pages dev` and plain workerd on the same project, one after the other, with the same wrk command, and prints a
# table of figures and ratios (Markdown), which is also written to build/bench/result.md. All that the servers print is in build/bench.
#   tests/bench/run.sh [--only cleat|wrangler|workerd] [--seconds 10] [--starts 5] [--reloads 10] [--program build/release/cleat] [--output build/bench]
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../packaging/setup.sh"

servers=(cleat wrangler workerd)
seconds=10 # of each load
starts=5   # median of
reloads=10 # median of
connections=64
program=$CLEAT_ROOT/build/release/cleat
output=$CLEAT_ROOT/build/bench
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || cleat_fail "$1 needs a value."
    case $1 in
        --only)
            case $2 in
                cleat | wrangler | workerd) servers=("$2") ;;
                *) cleat_fail "--only takes cleat, wrangler or workerd, not $2." ;;
            esac
            ;;
        --seconds) seconds=$2 ;;
        --starts) starts=$2 ;;
        --reloads) reloads=$2 ;;
        --program) program=$2 ;;
        --output) output=$2 ;;
        *) cleat_fail "No such option: $1" ;;
    esac
    shift 2
done

cleat_install_packages "${cleat_bench_packages[@]}"
case " ${servers[*]} " in
    *" cleat "*) [ -x "$program" ] || cleat_fail "There is no program to measure: $program" "Build it: cmake --preset release && cmake --build --preset release" ;;
esac
interop=$CLEAT_DEPS/interop/node_modules
case " ${servers[*]} " in
    *" wrangler "* | *" workerd "*) "$CLEAT_ROOT/packaging/fetch-interop.sh" ;;
esac

mkdir -p "$output"
output=$(cd "$output" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/cleat-bench.XXXXXX")
leader= # of the session that the server under test runs in
exec {nap}<> <(:) # nothing ever comes out of it: reading from it with a time limit is a sleep without a process

pause() { read -r -t "$1" -u "$nap" || true; }

# Every process of the session that $leader started, children of children too.
processes() {
    local stat fields session
    for stat in /proc/[0-9]*/stat; do
        { IFS= read -r fields <"$stat"; } 2>/dev/null || continue
        stat=${stat#/proc/}
        fields=${fields##*) } # behind the name, which may hold anything: state, parent, group, session
        read -r _ _ _ session _ <<<"$fields"
        if [ "$session" = "$leader" ]; then
            printf '%s\n' "${stat%/stat}"
        fi
    done
}

stop_server() {
    [ -n "$leader" ] || return 0
    local pids tries
    kill -TERM "$leader" 2>/dev/null || true
    for tries in {1..60}; do
        mapfile -t pids < <(processes)
        [ ${#pids[@]} -gt 0 ] || break
        case $tries in
            30) kill -TERM "${pids[@]}" 2>/dev/null || true ;;
            60) kill -KILL "${pids[@]}" 2>/dev/null || true ;;
        esac
        pause 0.1
    done
    wait "$leader" 2>/dev/null || true
    leader=
}
trap 'stop_server; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap : PIPE # a server that ends while we write to it

now_us() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# A port of 127.0.0.1 on which nobody listens.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        { exec {probe}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || break
        exec {probe}>&-
    done
    printf '%s' "$port"
}

# get PATH: one request on a connection of its own. Sets $status and $body; false when nobody answers.
get() {
    local answer=
    status='' body=''
    { exec {connection}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
    { printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAccept: */*\r\nConnection: close\r\n\r\n' "$1" "$port" >&"$connection"; } 2>/dev/null || true
    IFS= read -r -d '' -t 10 -u "$connection" answer || true
    exec {connection}>&-
    status=${answer#* }
    status=${status%%[ $'\r']*}
    case $answer in
        *$'\r\n\r\n'*) body=${answer#*$'\r\n\r\n'} ;;
    esac
}

# fetch PATH [curl's options ...]: the body.
fetch() { curl -sSf --noproxy '*' --max-time 10 "${@:2}" "http://127.0.0.1:$port$1"; }

# await PATH TEXT SECONDS: asks until the answer holds the text. False when the time is over or the server has ended.
await() {
    local deadline=$(($(now_us) + $3 * 1000000))
    while :; do
        if get "$1" && [ "$status" = 200 ] && [[ $body == *"$2"* ]]; then
            return 0
        fi
        kill -0 "$leader" 2>/dev/null || return 1
        [ "$(now_us)" -lt "$deadline" ] || return 1
        pause 0.002
    done
}

# start_server NAME: in a session of its own, in a fresh copy of the project. Sets $leader, $port and $log.
start_server() {
    local command
    project=$scratch/$1-$RANDOM
    log=$output/$1.log
    cp -R "$CLEAT_ROOT/tests/bench/project" "$project"
    port=$(free_port)
    case $1 in
        cleat) command=("$program" dev --plan none --ip 127.0.0.1 --port "$port" -c wrangler.toml -c service/wrangler.toml) ;;
        wrangler)
            command=("$(echo "$interop"/node-linux-*/bin/node)" "$interop/wrangler/bin/wrangler.js" pages dev --ip 127.0.0.1 --port "$port"
                --inspector-port "$(free_port)" -c wrangler.toml -c service/wrangler.toml)
            ;;
        workerd)
            command=("$(echo "$interop"/@cloudflare/workerd-linux-*/bin/workerd)" serve "--socket-addr=http=127.0.0.1:$port"
                "$CLEAT_ROOT/tests/bench/workerd/config.capnp")
            ;;
    esac
    started=$(now_us)
    # wrangler: nothing that asks the network or a person.
    (cd "$project" && exec env CI=1 WRANGLER_SEND_METRICS=false CLOUDFLARE_CF_FETCH_ENABLED=false XDG_CONFIG_HOME="$scratch/config" \
        setsid "${command[@]}" </dev/null >"$log" 2>&1) &
    leader=$!
}

await_server() {
    await /hello hello 60 || cleat_fail "$1 did not answer; what it said is in $log" "$(tail -n 5 "$log")"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

declare -A figure # "cleat hello" and the like

# load NAME PATH: requests per second.
load() {
    local file=$output/$1-${2#/}.wrk
    wrk -t1 -c"$connections" -d"${seconds}s" --latency "http://127.0.0.1:$port$2" >"$file" || cleat_fail "wrk failed on $2 of $1; what it said is in $file"
    if grep -q 'Non-2xx' "$file"; then
        cleat_fail "$1 answered $2 with errors under load; see $file and $log" "$(grep 'Non-2xx' "$file")"
    fi
    grep 'Socket errors' "$file" | sed "s|^|$1 $2:|" >&2 || true
    awk '$1 == "Requests/sec:" { print $2 }' "$file"
}

# call_time WHAT: nanoseconds of one call of a binding within a Function that makes many of them, one after the other: as many as take some 100 ms. The median of 9 such
# Functions.
call_time() {
    local i n=64 took taken=()
    while :; do
        took=$(fetch "/calls?do=$1&calls=$n")
        [ "$took" -lt 100 ] && [ "$n" -lt 100000 ] || break
        n=$((n * 2))
    done
    for ((i = 0; i < 9; i++)); do
        took=$(fetch "/calls?do=$1&calls=$n")
        taken+=("$((took * 1000000 / n))")
    done
    printf '%s\n' "${taken[@]}" | median
}

# Proportional set size of all processes of the server, in KiB: shared pages count once.
memory() {
    local pid sum=0 part
    for pid in $(processes); do
        part=$(awk '$1 == "Pss:" { print $2 }' "/proc/$pid/smaps_rollup" 2>/dev/null) || continue
        sum=$((sum + ${part:-0}))
    done
    printf '%s' "$sum"
}

measure() {
    local name=$1 i times=() value call
    for ((i = 0; i < starts; i++)); do
        start_server "$name"
        await_server "$name"
        times+=("$(($(now_us) - started))")
        stop_server
    done
    figure["$name start"]=$(printf '%s\n' "${times[@]}" | median)

    start_server "$name"
    await_server "$name"
    if [ "$name" != workerd ]; then
        value=$(printf 'the value of a key, %.0s' {1..5})
        [ "$(fetch /seed --data-binary "$value")" = seeded ] || cleat_fail "$name did not take the key; see $log"
        [ "$(fetch /kv)" = "$value" ] || cleat_fail "$name gave another value for the key: $(fetch /kv)"
        [ "$(fetch /r2 -X PUT --data-binary "$value")" = seeded ] || cleat_fail "$name did not take the object; see $log"
        [ "$(fetch /r2)" = "$value" ] || cleat_fail "$name gave another value for the object: $(fetch /r2)"
        fetch /static.txt | cmp -s - "$project/public/static.txt" || cleat_fail "$name did not serve the static file as it is; see $log"
    fi
    wrk -t1 -c"$connections" -d"$((seconds < 3 ? seconds : 3))s" "http://127.0.0.1:$port/hello" >/dev/null
    figure["$name hello"]=$(load "$name" /hello)
    if [ "$name" != workerd ]; then
        figure["$name kv"]=$(load "$name" /kv)
        [ "$(fetch /service)" = "hello from the service" ] || cleat_fail "$name did not reach the service; see $log"
        figure["$name service"]=$(load "$name" /service)
        [[ "$(fetch /increment)" =~ ^[0-9]+$ ]] || cleat_fail "$name did not reach the Durable Object; see $log"
        figure["$name object"]=$(load "$name" /increment)
        figure["$name static"]=$(load "$name" /static.txt)
        for call in kvget kvput r2get r2put d1first d1insert cachematch servicecall; do
            figure["$name $call"]=$(call_time "$call")
        done
    fi
    pause 1
    figure["$name memory"]=$(memory)
    if [ "$name" != workerd ]; then
        times=()
        for ((i = 1; i <= reloads; i++)); do
            pause 1.5
            value="hello after change $i of $reloads."
            started=$(now_us)
            printf 'export function onRequest() {\n  return new Response("%s");\n}\n' "$value" >"$project/functions/hello.js"
            await /hello "$value" 30 || cleat_fail "$name did not take the change of a function within 30 seconds; see $log"
            times+=("$(($(now_us) - started))")
        done
        figure["$name reload"]=$(printf '%s\n' "${times[@]}" | median)
    fi
    stop_server
}

for server in "${servers[@]}"; do
    echo "Measuring $server ..." >&2
    measure "$server"
done

# row TITLE KEY FORMAT DIVISOR AIM: the ratio is such that more is better for Cleat.
row() {
    awk -v title="$1" -v c="${figure["cleat $2"]:-}" -v w="${figure["wrangler $2"]:-}" -v d="${figure["workerd $2"]:-}" -v format="$3" -v divisor="$4" -v aim="$5" '
        function show(v) { return v == "" ? "–" : sprintf(format, v / divisor) }
        BEGIN {
            ratio = "–"
            if (c != "" && w != "") ratio = sprintf("%.1f times", divisor == 1 ? c / w : w / c)
            printf "| %s | %s | %s | %s | %s | %s |\n", title, show(c), show(w), ratio, aim, show(d)
        }'
}

version() {
    sed -n 's/^ *"version": "\([^"]*\)".*/\1/p' "$interop/$1/package.json" 2>/dev/null | head -n 1
}

{
    echo "| | Cleat | wrangler pages dev | Cleat is better by | aim | plain workerd |"
    echo "| --- | ---: | ---: | ---: | ---: | ---: |"
    row 'hello, requests/s' hello '%.0f' 1 '30 times'
    row 'one KV get, requests/s' kv '%.0f' 1 '25 times'
    row 'KV get() in a Function, µs' kvget '%.1f' 1000.0 '40 times'
    row 'KV put() in a Function, µs' kvput '%.1f' 1000.0 '8 times'
    row 'R2 get() in a Function, µs' r2get '%.1f' 1000.0 '20 times'
    row 'R2 put() in a Function, µs' r2put '%.1f' 1000.0 '–'
    row 'D1 first() in a Function, µs' d1first '%.1f' 1000.0 '25 times'
    row 'D1 insert in a Function, µs' d1insert '%.1f' 1000.0 '8 times'
    row 'Cache match() in a Function, µs' cachematch '%.1f' 1000.0 '–'
    row 'one fetch() of a service, requests/s' service '%.0f' 1 '20 times'
    row 'one increment of a Durable Object, requests/s' object '%.0f' 1 '20 times'
    row 'service method in a Function, µs' servicecall '%.1f' 1000.0 '–'
    row 'static file of 2 KiB, requests/s' static '%.0f' 1 '20 times'
    row 'start to first answer, ms' start '%.0f' 1000.0 '10 times'
    row 'saved file to new answer, ms' reload '%.0f' 1000.0 '4 times'
    row 'memory after the load, MiB' memory '%.0f' 1024.0 '5 times'
    echo
    echo "wrangler $(version wrangler), workerd $(version workerd); $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1);" \
        "wrk -t1 -c$connections -d${seconds}s on the same machine; medians of $starts starts and $reloads changes; memory is the proportional set size of all processes."
} | tee "$output/result.md"
