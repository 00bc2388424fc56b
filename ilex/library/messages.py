"""What units say to one another about news, as it stands on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ilex.exchange.messages import Body, Line, Paragraph
from ilex.gate.fields import Language, Moment, Number
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.programme.wire import Key, Short, Titled

VERSION = 1

Address = Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=400)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextBody(Part):
    language: Language
    title: Titled
    teaser: Paragraph = ""
    body: Annotated[str, StringConstraints(max_length=200_000)] = ""  # Markdown of a small kind


class FurtherLinkBody(Part):
    kind: LinkKind
    label: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    language: Language | Literal[""] = ""
    url: Address = ""
    attachment: Short = ""  # name of an attachment of this message


class NewsBody(Body):
    """An item as its unit published it. A higher version replaces a lower one."""

    id: Number
    version: Annotated[int, Field(ge=1)]
    kind: ItemKind
    section: Section
    language: Language
    texts: Annotated[list[TextBody], Field(min_length=1, max_length=30)]
    themes: Annotated[list[Key], Field(max_length=20)] = []
    authors: Annotated[list[Line], Field(max_length=20)] = []
    disclaimer: Paragraph = ""
    published_at: Moment
    link: Address = ""
    links: Annotated[list[FurtherLinkBody], Field(max_length=50)] = []
    about_actions: Annotated[list[Key], Field(max_length=50)] = []
    about_activities: Annotated[list[Key], Field(max_length=50)] = []
    public: bool = False  # its unit has it on its own public site

    @model_validator(mode="after")
    def _one_text_for_each_language(self) -> Self:
        languages = [text.language for text in self.texts]
        if len(set(languages)) != len(languages) or self.language not in languages:
            raise ValueError("one text for each language, and the original among them")
        return self


class NewsWithdrawnBody(Body):
    id: Number
    reason: Line


BODIES: dict[str, type[Body]] = {"library.news": NewsBody, "library.news-withdrawn": NewsWithdrawnBody}
