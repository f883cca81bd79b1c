#!/bin/sh
# Install the Debian packages named as arguments that are absent, where this user may. What stays absent is said, and the
# tests that need it are skipped with a reason.
set -u
missing=""
for package in "$@"; do
    command -v "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "note: absent, and their tests skipped:$missing (Debian: apt-get install$missing)" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
for package in $missing; do
    apt-get install --yes --quiet=2 --no-install-recommends "$package" >/dev/null 2>&1 ||
        { apt-get update --quiet=2 >/dev/null 2>&1 &&
            apt-get install --yes --quiet=2 --no-install-recommends "$package" >/dev/null 2>&1; } ||
        echo "note: $package cannot be installed, so its tests are skipped" >&2
done
