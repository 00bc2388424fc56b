#!/usr/bin/env bash
# Everything that can be said of the code without running it. Each check is named; one that fails shows what it said.
set -uo pipefail
cd "$(dirname "$0")/.."
export ILEX_SECRET=checks DJANGO_SETTINGS_MODULE=ilex.config.settings PATH="$PWD/.venv/bin:$PATH"

failed=0
check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "  $name"
    else
        printf '  %s: NOT CLEAN\n%s\n' "$name" "$said"
        failed=1
    fi
}

mapfile -t templates < <(find ilex -name '*.html')
check "lint" ruff check .
check "format" ruff format --check .
check "templates" djangofmt --check "${templates[@]}"
check "doors" lint-imports
check "types" mypy
# Django's own `check`: under that name `manage.py` has ours, which asks the holdings.
check "settings" python -c '
import django
from django.core.management.commands.check import Command
django.setup()
Command().run_from_argv(["manage.py", "check", "--fail-level", "WARNING"])'
check "tables" python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
check "wire" python -P -m ilex.config.command wire --check
check "texts" python tools/messages.py --check
check "vendored files" python tools/vendor.py --check
exit $failed
