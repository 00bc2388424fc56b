from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client, RequestFactory

from ilex.web.steps import StepForm, StepLink

NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template("{% load parts %}" + source).render(Context(context))


def test_a_moment_carries_its_machine_form_and_utc() -> None:
    text = drawn("{% moment at %}", at=NOW)
    assert f'datetime="{NOW.isoformat()}"' in text
    assert 'title="21 Nov 2026, 13:32 UTC"' in text
    assert drawn("{% moment at %}", at=None) == ""


def test_time_left_is_told_by_words_and_only_repeated_by_the_look() -> None:
    text = drawn("{% left due now %}", due=NOW - timedelta(days=3, hours=4), now=NOW)
    assert ">overdue by 3 d 4 h<" in text
    assert 'class="left overdue"' in text
    assert "overdue by 3 days 4 hours" in text
    assert drawn("{% left due now %}", due=None, now=NOW) == ""


def test_what_somebody_wrote_is_shown_as_text_and_never_as_markup() -> None:
    text = drawn(
        '{% written name "mk" %}{% badge name %}{% fact name %}{{ name }}{% endfact %}{% card name %}{% endcard %}',
        name="<script>alert(1)</script>",
    )
    assert "<script>" not in text
    assert '<span lang="mk" dir="auto">' in text


def test_a_sort_link_turns_round_and_says_the_order() -> None:
    def head(query: str) -> str:
        return drawn('{% sort_head "due" "Time left" %}', request=RequestFactory().get(f"/?{query}"))

    assert 'href="?sort=due"' in head("")
    assert "aria-sort" not in head("")
    assert 'aria-sort="ascending"' in head("sort=due")
    assert 'href="?sort=-due"' in head("sort=due&page=3")
    assert 'aria-sort="descending"' in head("sort=-due")
    assert "partner=mk" in head("partner=mk")


def test_a_filter_can_be_taken_off_alone() -> None:
    request = RequestFactory().get("/?partner=mk&partner=ge&channel=node&page=2")
    assert drawn('{% without "partner" "mk" %}', request=request) == "?partner=ge&amp;channel=node"
    assert drawn('{% without "partner" %}', request=request) == "?channel=node"


class Asked(forms.Form):
    name = forms.CharField(label="Name", help_text="As written.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The two do not fit together.")


def test_each_sentence_of_the_error_summary_leads_to_its_field() -> None:
    text = drawn("{% errors form %}{{ form }}", form=Asked({}))
    assert 'href="#id_name"' in text
    assert 'href="#id_kind_0"' in text
    assert 'id="id_kind_0"' in text
    assert "The two do not fit together." in text
    assert text.index("errors-title") < text.index('id="id_name"')


def test_nothing_is_said_about_a_form_that_nobody_sent() -> None:
    assert drawn("{% errors form %}", form=Asked()).strip() == ""


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    text = drawn("{{ form }}", form=Asked({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_helptext"' in text
    assert 'id="id_name_error"' in text
    assert 'aria-invalid="true"' in text
    assert "<fieldset" in text
    assert "(optional)" in text


class MostlyEmpty(Asked):
    marks_required = True


def test_a_form_of_which_most_may_stay_empty_marks_what_may_not() -> None:
    text = drawn("{{ form }}", form=MostlyEmpty())
    assert "(optional)" not in text
    assert text.count("(required)") == 2


def test_other_steps_are_links_and_folded_forms() -> None:
    form = StepForm("Put a request in", "/in/", "Put in", Asked(), contrary="Take out", files="The original")
    text = drawn(
        '{% include "parts/steps.html" %}',
        links=[StepLink("Close the case", "/close/")],
        forms=[form, StepForm("", "/on/", "Go on with it now")],
    )
    assert '<a href="/close/">Close the case</a>' in text
    assert text.count("<summary>") == 1
    assert 'name="out"' in text
    assert 'enctype="multipart/form-data"' in text
    assert "Go on with it now" in text
    assert drawn('{% include "parts/steps.html" %}').strip() == ""


def test_the_banner_that_is_printed_is_the_banner_of_the_page() -> None:
    base = Template(
        '{% load parts %}<html data-banner="{% text_of_block "banner" %}">{% block banner %}usual{% endblock %}'
    )
    page = Template('{% extends base %}{% block banner %}<b>H1</b>\n {{ ref }} "x"{% endblock %}')
    text = page.render(Context({"base": base, "ref": "RS<1>"}))
    assert '<html data-banner="H1 RS&lt;1&gt; &quot;x&quot;">' in text


@pytest.mark.django_db
@pytest.mark.usefixtures("parts_page")
def test_the_page_of_parts_stands(as_ana: Client) -> None:
    page = as_ana.get("/parts?page=7").content.decode()
    assert re.search('aria-current="page">\\s*7\\s*<', page)
    assert "121 to 140 of 500" in page
    assert as_ana.post("/parts", {}).status_code == 200
