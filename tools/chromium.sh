#!/usr/bin/env bash
# The browser tests need Chromium. Finds it, or installs Debian's when this account may, or says what to do.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" > /dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "Installing Chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium > /dev/null && exit 0
fi
echo "Chromium was not found and could not be installed here: the browser tests are skipped." >&2
echo "Install it (Debian: apt-get install chromium) to run them." >&2
