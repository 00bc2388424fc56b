"""Cyrillic letters: Serbian, Macedonian, Bulgarian, Ukrainian, Russian, Belarusian and the Central Asian ones."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
дж         j   S
дз|ѕ       z   S
[тд]ч      c   S
т[сш]|тц   c   S
дц         c   S
ст?щ|сч|зч s   S
щ          s   S/ST
шт         st  ST/S
нг         ng  NK
гх         g   K
кх         h   K
б          b   P
п          p   P
в          v   F
ф          f   F
ѳ          f   F/T
д|ҙ        d   T
т          t   T
[гґғ]      g   K
[ѓ]        j   S/K
[кқҡҝ]     k   K
[ќ]        k   K/S
^[хҳһ]     h   K
[хҳһ]      h   K
[ђ]        j   S/T
[ћчӵҷҹ]    c   S
ц          c   S
[шҫ]       s   S
с          s   S
[жҗӂ]      z   S
[зӟ]       z   S
џ          j   S
љ(?=[аеиоу])  li  L
њ(?=[аеиоу])  ni  N
[лљԓ]      l   L
р          r   R
м          m   M
[нњң]      n   N
ў          u   ./F
ый|ий|ій|иј  i .
[ийіїјыӣӥ] i   .
ия|ія      ia  .
[яѣ]       ia  .
ю          iu  .
є          e   .
[аәӑӓ]     a   .
[еэёӗ]     e   .
[оөӧ]      o   .
[уүұӯӱ]    u   .
ѵ          i   .
[ѫ]        a   .
[ѡ]        o   .
[ъь]       -   .
"""

CYRILLIC = alphabet(LETTERS)
