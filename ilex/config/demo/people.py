"""The invented officers of the demonstration, in the scripts of their countries."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "holly-and-ivy"  # noqa: S105 (of every officer of the demonstration, and printed at its start)


@dataclass(frozen=True)
class Staff:
    """The officers of one unit, one for each role, in the order of ROLES."""

    language: str  # of their pages; the duty officer's and the coordinator's are in English, for the visitor
    speaks: tuple[str, ...]
    names: tuple[str, ...]
    authority: str = ""  # id of the organisation of the last of them, who answers the unit's tasks


@dataclass(frozen=True)
class Post:
    sign_in: str  # before the unit's letters, as in ana.rs
    roles: tuple[str, ...]
    function: str  # what partners read instead of a name


# The duty officer does a case officer's work too: units are small.
HEAD = Post("head", ("head",), "Head of unit")
COORDINATOR = Post("coord", ("coordinator", "editor"), "National coordinator")
ROLES = (
    Post("ana", ("duty", "case"), "Duty officer"),
    Post("case", ("case",), "Case officer"),
    HEAD,
    Post("dpo", ("protection",), "Data-protection officer"),
    Post("auditor", ("auditor",), "Auditor"),
    Post("admin", ("administrator",), "Administrator"),
    COORDINATOR,
    Post("border", ("authority",), "Officer of a national authority"),
)


def sign_in(post: Post, code: str) -> str:
    return f"{post.sign_in}.{code.lower()}"


STAFF = {
    "RS": Staff(
        "sr",
        ("sr", "en"),
        (
            "Ана Петровић",
            "Бојан Илић",
            "Милена Јовановић",
            "Драган Николић",
            "Зорица Марковић",
            "Стефан Павловић",
            "Марија Костић",
            "Вук Граничар",
        ),
        "rs-border-police",
    ),
    "MK": Staff(
        "mk",
        ("mk", "sr", "en"),
        (
            "Ана Стојановска",
            "Бојан Трајковски",
            "Весна Николовска",
            "Горан Димитров",
            "Лидија Петрова",
            "Игор Велковски",
            "Маја Ристеска",
            "Јован Граничар",
        ),
        "mk-border-affairs",
    ),
    "HU": Staff(
        "hu",
        ("hu", "en"),
        (
            "Kovács Anna",
            "Tóth Bence",
            "Szabó Katalin",
            "Nagy Dávid",
            "Horváth Eszter",
            "Varga Gábor",
            "Fekete Judit",
            "Balogh Ilona",
        ),
        "hu-aliens-policing",
    ),
    "RO": Staff(
        "ro",
        ("ro", "en"),
        (
            "Ana Popescu",
            "Bogdan Ionescu",
            "Cristina Dumitrescu",
            "Dan Stănescu",
            "Elena Țurcanu",
            "Florin Mureșan",
            "Gabriela Marin",
            "Horia Lupu",
        ),
        "ro-police",
    ),
    "MD": Staff(
        "ro",
        ("ro", "en"),
        (
            "Ana Rusu",
            "Boris Ceban",
            "Cristina Munteanu",
            "Dumitru Lungu",
            "Elena Botnari",
            "Grigore Sîrbu",
            "Galina Moraru",
            "Ion Cojocaru",
        ),
        "md-border-police",
    ),
    "UA": Staff(
        "uk",
        ("uk", "en"),
        (
            "Анна Шевченко",
            "Богдан Коваленко",
            "Віра Бондаренко",
            "Дмитро Ткаченко",
            "Євгенія Мельник",
            "Ігор Кравчук",
            "Катерина Лисенко",
        ),
    ),
    "GE": Staff(
        "ka",
        ("ka", "en"),
        (
            "ანა ბერიძე",
            "ბექა კაპანაძე",
            "ნინო გელაშვილი",
            "დავით ლომიძე",
            "ეკა მაისურაძე",
            "გიორგი წიკლაური",
            "ქეთევან წერეთელი",
            "ირაკლი ჯაფარიძე",
        ),
        "ge-central-criminal-police",
    ),
    "PRACTICE": Staff("en", ("en",), ("Practice Partner",)),
}
