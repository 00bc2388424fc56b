"""Armenian letters in their eastern reading; ու is one vowel."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
ու         u   .
^և         ev  AF
և|եւ       ev  F
^ո(?=վ)    o   .
^ո         vo  F/.
^ե         e   .
^յ         h   ./K
դժ         j   S
տշ         c   S
[բ]        b   P
[պփ]       p   P
[վւ]       v   F
ֆ          f   F
դ          d   T
[թտ]       t   T
[գղ]       g   K
[կքխ]      k   K
հ          h   K/.
[չճ]       c   S
[ցծ]       c   S
ձ          z   S
ջ          j   S
[սշ]       s   S
[զժ]       z   S
լ          l   L
[րռ]       r   R
մ          m   M
ն          n   N
յ          i   .
ա          a   .
[եէ]       e   .
[ըի]       i   .
[ոօ]       o   .
"""

ARMENIAN = alphabet(LETTERS)
