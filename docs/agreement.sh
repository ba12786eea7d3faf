#!/usr/bin/env bash
# Writes the table of errors in docs/model.md anew from the recorded runs, with the command as it was last built.
set -euo pipefail
cd "$(dirname "$0")/.."
table=$(mktemp)
trap 'rm -f "$table"' EXIT
src/StorageLab.Cli/bin/Release/net10.0/storagelab validate recordings --markdown > "$table" || [ $? = 1 ]
sed -i -e "/<!-- agreement -->/r $table" -e '/<!-- agreement -->/,/<!-- \/agreement -->/{/^|/d}' docs/model.md
