"""Keep the message catalogues in step with the texts: `make words` runs this.

Gathers the texts of Python, templates and TOML into ilex/locale/ilex.pot, brings each language's django.po up to date,
makes Serbian in Latin letters out of Serbian in Cyrillic, and compiles what changed. `--check` writes nothing and
tells what is out of step. Translators edit the .po files and nothing else; sr_Latn is never edited by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BufferedIOBase, BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))  # run as a script: the house is not installed everywhere

from ilex.config.catalogues import LOCALE, compile_all  # noqa: E402
from ilex.words.extract import texts  # noqa: E402
from ilex.words.scripts import sr_latin  # noqa: E402

LANGUAGES = ("sr", "mk", "ro", "uk", "ka", "hy", "hu", "sq")
LATIN = "sr_Latn"  # made from sr
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENTS = ("Translators:",)
FOREWORD = """\
# Texts of Ilex.
# Translators: change only what stands after msgstr. The officers' words stand in docs/words.md.
"""


def templates(
    file: BufferedIOBase, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Babel reads Django templates with this: Django turns them into calls of gettext, Babel reads those."""
    calls = templatize(file.read().decode("utf-8"), origin="template")
    # What is left of the template around the calls is not indented as Python is, and need not be.
    flat = "\n".join(line.lstrip() for line in calls.splitlines())
    yield from extract_python(BytesIO(flat.encode("utf-8")), keywords, comment_tags, {"encoding": "utf-8"})


# The first pattern that fits decides.
METHODS: list[tuple[str, Any]] = [
    ("ilex/*/migrations/**.py", "ignore"),
    ("ilex/**.py", "python"),
    ("ilex/*/templates/**.html", templates),
    ("ilex/words/data/**.toml", texts),
]


def gathered() -> Catalog:
    """All texts of the house, in the order of their files."""
    catalogue = Catalog(
        project="Ilex", version="0", copyright_holder="", header_comment=FOREWORD, charset="utf-8", fuzzy=False
    )
    found = extract_from_dir(HOUSE, METHODS, keywords=KEYWORDS, comment_tags=COMMENTS, strip_comment_tags=True)
    for path, _line, message, comments, context in sorted(found, key=lambda one: (str(one[0]), one[1])):
        catalogue.add(message, None, [(str(path), 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, header_comment=FOREWORD, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up(language: str, template: Catalog) -> Catalog:
    """A language's catalogue with every present text in it; nothing is guessed from texts that only look alike."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def latin(serbian: Catalog) -> Catalog:
    """Placeholders and tags are Latin already, so writing the Cyrillic letters in Latin leaves them whole."""
    catalogue = Catalog(locale=LATIN, header_comment=FOREWORD, charset="utf-8", fuzzy=False)
    for message in serbian:
        if message.id:
            catalogue.add(
                message.id,
                _in_latin(message),
                message.locations,
                message.flags,
                context=message.context,
            )
    return catalogue


def _in_latin(message: Message) -> str | tuple[str, ...]:
    if isinstance(message.string, str):
        return sr_latin(message.string)
    return tuple(sr_latin(form) for form in message.string or ())


def written(catalogue: Catalog) -> str:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, omit_header=False)
    text = buffer.getvalue().decode("utf-8")
    # Dates and versions change with every run and say nothing: the history of the files knows better.
    dull = (
        '"Project-Id-Version:',
        '"Report-Msgid-Bugs-To:',
        '"POT-Creation-Date:',
        '"PO-Revision-Date:',
        '"Last-Translator:',
        '"Language-Team:',
        '"Generated-By:',
    )
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(dull))


def all_files() -> dict[Path, str]:
    """What each file should hold now."""
    template = gathered()
    catalogues = {language: brought_up(language, template) for language in LANGUAGES}
    files = {LOCALE / "ilex.pot": written(template)}
    files |= {path_of(language): written(catalogue) for language, catalogue in catalogues.items()}
    files[path_of(LATIN)] = written(latin(catalogues["sr"]))
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is out of step")
    only_check = parser.parse_args().check
    old = [path for path, text in all_files().items() if not path.exists() or path.read_text("utf-8") != text]
    if only_check:
        for path in old:
            print(f"{path.relative_to(HOUSE)} is out of step: run `make words`.")
        return 1 if old else 0
    for path, text in all_files().items():
        if path in old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print(f"{len(old)} files written, {compile_all()} compiled.")
    for language in LANGUAGES:
        missing = sum(1 for message in read(language) if message.id and not _told(message))
        print(f"{language}: {missing} texts are not translated yet.")
    return 0


def _told(message: Message) -> bool:
    return bool(message.string) if isinstance(message.string, str) else all(message.string or ("",))


if __name__ == "__main__":
    sys.exit(main())
