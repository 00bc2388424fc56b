"""Arabic letters with the Persian, Kurdish and Urdu ones: no short vowels are written."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
تش|طش      c   S/TS
دج|دژ      j   S
كس|کس|گس   ks  KS
شتش        s   S
ت[سز]|دز   c   S/TS
نغ         ng  NK/N
[بپ]       b   P
[فڤڢ]      f   F
^و         v   F/.
و          u   ./F
[تطٹ]      t   T
ة          a   ./T
ث          t   T/S
[دڈ]       d   T
ذ          d   T/S
ض          d   T/S
ظ          z   S/T
[كکگقڭڪ]   k   K
غ          g   K
خ          h   K
ح          h   K
[هہھە]$    -   ./K
ە          a   .
[هہھ]      h   K/.
ج          j   S/K
چ          c   S
[زژ]       z   S
[سشص]      s   S
[لڵ]       l   L
[رڕڑ]      r   R
م          m   M
[نں]       n   N
[يیىێےئ]   i   .
ۆ|ؤ|ۇ|ۈ    u   .
[اأإآٱءعى] a   .
"""

ARABIC = alphabet(LETTERS, vowelled=False)

# What hands and keyboards write in two ways.
SAME = str.maketrans({"ـ": None, "\u200c": None, "\u200d": None, "ﷲ": "الله"})
