"""Hebrew letters; a geresh makes foreign sounds of ג, ז, צ, ת."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
ג'|דז'|ג׳  j   S
ז'         z   S
[צץ]'      c   S
ת'         t   T
טש|תש      c   S/TS
קס         ks  KS
זש         z   S/SS
װ          v   F/.
[ױײ]       i   .
וו         v   F/.
יי         i   .
שצ'        s   S
ע'         g   K
^ו         v   F
ו          u   ./F
^ב         b   P/F
ב$         v   F/P
ב          b   P/F
^פ         p   P/F
פ          f   P/F
ף          f   F
ג          g   K
ד          d   T
ה$         -   .
^ה         h   K
ה          h   K/.
ז          z   S
ח          h   K
[טת]       t   T
[כךק]      k   K
ל          l   L
[מם]       m   M
[נן]       n   N
ס          s   S
[צץ]       c   S
ר          r   R
ש          s   S
[י]        i   .
[אע]       a   .
"""

HEBREW = alphabet(LETTERS, vowelled=False)
