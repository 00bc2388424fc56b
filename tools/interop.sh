#!/usr/bin/env bash
# FollowTheMoney's own library beside Ilex, in an environment of its own: it needs PyICU, which Ilex does not.
# FILES=folder names files that others published, to be read as well.
set -euo pipefail

bin=.venv/bin
beside=.venv/interop
wanted=$($bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["interop"])')

if ! "$beside/bin/python" -c 'import followthemoney' 2> /dev/null; then
    if ! pkg-config --exists icu-i18n 2> /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "Installing what PyICU is built with ..."
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update
        apt-get -qq install --yes --no-install-recommends pkg-config libicu-dev g++ > /dev/null
    fi
    echo "Installing FollowTheMoney's library ..."
    $bin/python -m venv "$beside"
    "$beside/bin/python" -m pip install -qq --disable-pip-version-check --no-input "$wanted" || {
        echo "It could not be installed: PyICU needs ICU, pkg-config and a C++ compiler" >&2
        echo "(Debian: apt-get install libicu-dev pkg-config g++)." >&2
        exit 1
    }
fi

ILEX_FTM_PYTHON="$PWD/$beside/bin/python" ILEX_FTM_FILES="${FILES:-}" $bin/python -m pytest tests/interop -p no:xdist
