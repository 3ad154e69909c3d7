#!/bin/sh
# Make a backup below the given folder, keep the newest 14, and prove the new one. Prints the journal's heads: note them elsewhere.
set -eu
folder=${1:?usage: backup.sh FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
.venv/bin/python -m sanbao backup "$folder" --keep 14
newest=$(ls -d "$folder"/sanbao-*Z | tail -n 1)
.venv/bin/python -m sanbao backup --check "$newest"
