#!/usr/bin/env bash
# Builds StorageLab, runs the default scenario and the benchmarks, and leaves all of it in reports/.
# Without an argument in a short form of a few minutes on two cores; --full measures the benchmarks at length.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

case "${1:-}" in
    "") jobs=(--launchCount 1 --warmupCount 1 --iterationCount 3) ;;
    --full) jobs=() ;;
    *) echo "run-bench.sh: unknown argument '$1'; there is only --full" >&2; exit 2 ;;
esac

command -v dotnet > /dev/null || { echo "missing: the .NET SDK $(grep -o '"version": "[^"]*"' global.json); see https://dotnet.microsoft.com/download" >&2; exit 2; }
if ! ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf > /dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get install -y -qq fonts-dejavu-core > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq fonts-dejavu-core > /dev/null; }
    else
        echo "no fonts-dejavu-core: plots use whatever font there is, or are left out" >&2
    fi
fi

dotnet build StorageLab.sln -c Release -v q
storagelab=src/StorageLab.Cli/bin/Release/net10.0/storagelab

"$storagelab" run pull-delete-churn --out reports/pull-delete-churn

artifacts=$(mktemp -d)
trap 'rm -rf "$artifacts"' EXIT
dotnet run --project bench/StorageLab.Benchmarks -c Release --no-build -- --filter '*' --join --artifacts "$artifacts" "${jobs[@]}"
mkdir -p reports/benchmarks
for report in "$artifacts"/results/*-report-github.md "$artifacts"/results/*-report.csv; do
    extension="${report##*.}"
    cp "$report" "reports/benchmarks/benchmarks.$extension"
done

echo
echo "results: reports/pull-delete-churn (tables, plots) and reports/benchmarks (times)"
echo "now:     $storagelab run pull-delete-churn"
echo "         $storagelab --help"
