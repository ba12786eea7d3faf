#!/usr/bin/env bash
# Builds StorageLab and passes all its tests. Needs the .NET SDK named in global.json; installs the rest on Debian and Ubuntu when run as root.
# The last line is "N passed, N failed" (", N skipped" where a test had to be skipped).
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1

# need WHAT PACKAGE WHY: installs a missing Debian package, or says which it is.
need() {
    echo "missing: $1 ($3)"
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get install -y -qq "$2" > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq "$2" > /dev/null; }
    else
        echo "install it first, e.g. apt-get install $2" >&2
        exit 2
    fi
}

# want WHAT PACKAGE WHY: as need, but the tests go on without it; those that need it are skipped and say so.
want() {
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        need "$1" "$2" "$3" || echo "$2 could not be installed; $3 is skipped" >&2
    else
        echo "missing: $1; $3 is skipped (apt-get install $2)" >&2
    fi
}

command -v dotnet > /dev/null || { echo "missing: the .NET SDK $(grep -o '"version": "[^"]*"' global.json); see https://dotnet.microsoft.com/download" >&2; exit 2; }
ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf > /dev/null 2>&1 || need "DejaVu fonts" fonts-dejavu-core "the plots' type"
command -v chromium > /dev/null || want chromium chromium "the report's page in a browser"
PATH="$PATH:/usr/sbin" command -v thin_check > /dev/null || need thin_check thin-provisioning-tools "judges the thin pool's metadata"

for program in "linux.uml user-mode-linux" "dockerd docker.io" "containerd containerd" "runc runc" "insmod kmod" "dmsetup dmsetup" "mkfs.xfs xfsprogs" \
    "udevadm udev"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${program% *}" > /dev/null || want "${program% *}" "${program#* }" "real Docker in a throw-away machine"
done

# One restore, one build: everything below uses their output.
dotnet restore StorageLab.sln -v q
dotnet build StorageLab.sln -c Release --no-restore -v q
# Style and analyzers are errors of the build already; layout is what is left to check.
dotnet format whitespace . --folder --verify-no-changes

passed=0 failed=0 skipped=0 crashed=0
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    log=$(mktemp)
    # 0 is all passed, 1 and 2 failed tests; anything else did not come to its summary.
    dotnet "tests/$name/bin/Release/net10.0/$name.dll" -noLogo -noColor 2>&1 | tee "$log" || true
    summary=$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+" "$log" | tail -1 || true)
    rm -f "$log"
    count() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<< "$summary"; }
    if [ -z "$summary" ]; then
        echo "$name ended without a summary" >&2
        crashed=$((crashed + 1))
        continue
    fi
    bad=$(($(count Failed) + $(count Errors)))
    failed=$((failed + bad))
    skipped=$((skipped + $(count Skipped)))
    passed=$((passed + $(count Total) - $(count Failed) - $(count Skipped)))
    [ "$(count Total)" -gt 0 ] || { echo "$name has no tests" >&2; crashed=$((crashed + 1)); }
done

failed=$((failed + crashed))
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
