"""Greek letters with their pairs: μπ, ντ, γκ, ου, αυ, ευ."""

from __future__ import annotations

from ilex.matching.letters.alphabet import alphabet

LETTERS = r"""
^μπ        b   P
μπ         mp  MP/P
^ντ        d   T
ντζ        nj  S/NS
ντσ        nc  NS/S
ζντ        zd  ST
ντ         nt  NT/T
^γκ        g   K
γκ         gk  K/NK
γγ         ng  NK/K
γχ         nh  NK
γξ         nks NKS
τζ         j   S
τ[σς]      c   S
ου         u   .
^[αά]υ(?=[θκξπσςτφχψ])  af  AF/A
^[εέ]υ(?=[θκξπσςτφχψ])  ef  AF/A
^[αά]υ     av  AF/A
^[εέ]υ     ev  AF/A
[αά]υ(?=[θκξπσςτφχψ]|$)  af  F/.
[εέ]υ(?=[θκξπσςτφχψ]|$)  ef  F/.
[αά]υ      av  F/.
[εέ]υ      ev  F/.
αι         e   .
[εο]ι|υι   i   .
γου(?=[αεηιο])  v  F/K
^γ(?=[ιεηυ])  g  K/.
γι(?=[αοωευ])  gi  K/.
γ          g   K
β          v   F/P
φ          f   F
π          p   P
δ          d   T
τ          t   T
θ          t   T/S
κ          k   K
χ          h   K/S
ξ          ks  KS
ψ          ps  PS
ς$         s   S/.
[σς]       s   S
ζ          z   S
λ          l   L
ρ          r   R
μ          m   M
ν          n   N
[ηιϊυϋ]    i   .
α          a   .
ε          e   .
[οω]       o   .
"""

GREEK = alphabet(LETTERS)
