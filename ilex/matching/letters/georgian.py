"""Georgian letters; capitals (Mtavruli) and the church hands are made Mkhedruli before."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
ტშ|თშ      c   S
დჟ         j   S
ქს|კს      ks  KS
ი$         i   .
ბ          b   P
[პფ]       p   P
ვ          v   F
ჶ          f   F
დ          d   T
[თტ]       t   T
[გღ]       g   K
[კქყ]      k   K
[ხჴ]       h   K
ჰ          h   K/.
[ჩჭცწ]     c   S
ძ          z   S
ჯ          j   S
ს          s   S
შ          s   S
[ზჟ]       z   S
ლ          l   L
რ          r   R
მ          m   M
ნ          n   N
ჳ          v   F/.
ა          a   .
[ეჱ]       e   .
[იჲჸ]      i   .
[ოჵ]       o   .
უ          u   .
"""

GEORGIAN = alphabet(LETTERS)
