#!/usr/bin/env bash
# Configures and builds one of the other builds: build.sh asan|tsan
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

preset=${1:?name a build}
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(build_jobs)"
