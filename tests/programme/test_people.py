"""Dates and names in words: the one place for pages, papers and feeds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ilex.programme.loading import load_programme
from ilex.programme.models import Involvement
from ilex.programme.queries.people import Names, in_words, who
from ilex.units.actions import load_directory


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("", ""),
        ("2019", "2019"),
        ("2019-02", "February 2019"),
        ("2019-02-14", "14 February 2019"),
        ("2019-02-14/2019-02-15", "14–15 February 2019"),
        ("2019-02-28/2019-03-01", "28 February 2019 to 1 March 2019"),
        ("2017-09/2018-04", "September 2017 to April 2018"),
        ("2014-03/2014-05", "March – May 2014"),
        ("2016/2018", "2016 to 2018"),
        ("2006/..", "since 2006"),
        ("2006/", "from 2006; its end is not known"),
        ("/2007", "until 2007; its beginning is not known"),
        ("2013?", "perhaps 2013"),
        ("1993~/..", "since about 1993"),
    ],
)
def test_date_is_written_as_far_as_it_is_known(when: str, words: str) -> None:
    assert in_words(when, "en") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("sr", "14–15. фебруар 2019."), ("sr-latn", "14–15. februar 2019."), ("hu", "2019. február 14–15.")],
)
def test_each_language_writes_a_date_its_own_way(language: str, words: str) -> None:
    assert in_words("2019-02-14/2019-02-15", language) == words


@pytest.mark.parametrize(
    "language", ["en", "sr", "sr-latn", "mk", "ro", "uk", "ka", "hy", "hu", "sq", "fr", "nonsense"]
)
def test_every_language_can_write_a_span(language: str) -> None:
    assert "2019" in in_words("2019-02/2020-03-01", language)


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="before the beginning"):
        in_words("2019/2018", "en")


@pytest.mark.django_db
def test_name_stands_as_printed_with_ours_and_its_footnote_beside_it() -> None:
    load_directory()
    load_programme()
    patrols = Involvement.objects.filter(action__key="joint-patrols", role="country").select_related("person")
    named = {one.place_id: who(one, "en") for one in patrols}
    assert (named["MK"].shown, named["MK"].ours, named["MK"].code) == ("Macedonia", "North Macedonia", "MK")
    assert (named["AL"].shown, named["AL"].ours) == ("Albania", "")
    assert "1244" in named["XK"].footnote
    with CaptureQueriesContext(connection) as asked:
        names = Names.of(patrols, "sr")
        assert len([names.who(one) for one in patrols]) == 6
    assert len(asked) <= 4
