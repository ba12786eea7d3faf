#!/usr/bin/env bash
# Builds StorageLab, runs the default scenario and the benchmarks, and leaves all of it in reports/: a few minutes on two cores.
# --full measures the benchmarks at length, each in a process of its own. Needs the .NET SDK named in global.json; installs the rest on
# Debian and Ubuntu when run as root.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The short form shows orders of magnitude: three iterations of a quarter of a second, all in one process.
jobs=(--inProcess --launchCount 1 --warmupCount 1 --iterationCount 3 --iterationTime 250)
case "$*" in
    "") ;;
    --full) jobs=() ;;
    *) echo "run-bench.sh: unknown argument '$*'; there is only --full" >&2; exit 2 ;;
esac

command -v dotnet > /dev/null || { echo "missing: the .NET SDK $(grep -o '"version": "[^"]*"' global.json); see https://dotnet.microsoft.com/download" >&2; exit 2; }
if ! ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf > /dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "== missing: DejaVu fonts, the plots' type; installing fonts-dejavu-core"
        apt-get install -y -qq fonts-dejavu-core > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq fonts-dejavu-core > /dev/null; }
    else
        echo "missing: DejaVu fonts; plots use whatever font there is, or are left out (apt-get install fonts-dejavu-core)" >&2
    fi
fi

echo "== building"
for project in src/StorageLab.Cli bench/StorageLab.Benchmarks; do
    dotnet build "$project" -c Release -v q
done
storagelab=src/StorageLab.Cli/bin/Release/net10.0/storagelab

echo "== the default scenario"
"$storagelab" run pull-delete-churn --out reports/pull-delete-churn

echo "== benchmarks"
artifacts=$(mktemp -d)
if ! dotnet bench/StorageLab.Benchmarks/bin/Release/net10.0/StorageLab.Benchmarks.dll --filter '*' --artifacts "$artifacts" "${jobs[@]}"; then
    echo "a benchmark failed; the log is in $artifacts" >&2
    exit 1
fi
mkdir -p reports/benchmarks
rm -f reports/benchmarks/*.md reports/benchmarks/*.csv
for table in "$artifacts"/results/*.md "$artifacts"/results/*.csv; do
    name=$(basename "$table")
    name=${name#StorageLab.Benchmarks.}
    cp "$table" "reports/benchmarks/${name%%Benchmarks-report*}.${table##*.}"
done
rm -rf "$artifacts"
for table in reports/benchmarks/*.md; do
    printf '\n%s\n' "$(basename "$table" .md)"
    grep '^|' "$table" | tr -d '*'
done

echo
echo "results: reports/pull-delete-churn (tables, plots) and reports/benchmarks (times)"
echo "now:     $PWD/$storagelab run pull-delete-churn"
echo "         $PWD/$storagelab --help"
