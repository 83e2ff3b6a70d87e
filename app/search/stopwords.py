"""Words so common that they tell nothing of what a text is about, folded, by language; data only."""

from __future__ import annotations

_FRENCH = """
a afin ai aie ainsi alors apres as au aucun aucune aujourd aupres aussi autre autres aux avais avait
avant avec avez avoir avons bien bonjour bonsoir car ce ceci cela celle celles celui ces cet cette
ceux chaque chez ci combien comme comment dans de des deja depuis derriere des dessous dessus deux
devant devez dois doit donc dont du elle elles en encore entre es est et etaient etait ete etes etre
eu eux fait faire faites faut fois font hui ici il ils j je jusque la laquelle le lequel les
lesquelles lesquels leur leurs lors lorsque lui ma mais me meme memes merci mes mettre moi moins mon
ne ni non nos notre nous on ont or ou par parce pas pendant peu peut peuvent peux plus plusieurs
plutot pour pourquoi pourrais pouvez pouvoir pres puis puisque quand quant que quel quelle quelles
quels qui quoi quelque quelques sa sans se selon sera serai ses si sinon soit sommes son sont sous
suis sur svp ta tant te tel telle tes toi ton toujours tous tout toute toutes tres trop tu un une va
vais vas vers veut veux voici voila vont vos votre voudrais vouloir voulez vous vu y
"""
_ENGLISH = """
a about after again all also am an and any are as at be because been before being both but by can
cannot could did do does doing done down each either else ever every few for from further get gets
getting got had has have having he hello her here hers him his how i if in into is it its itself
just let like may me might mine more most much must my myself near need no nor not now of off on
once one only onto or other our ours out over own per please same shall she should since so some
still such than thank thanks that the their theirs them then there these they this those through to
too under until up upon us very want was way we well were what when where whether which while who
whom whose why will with within without would yes yet you your yours
"""
STOP_WORDS: dict[str, frozenset[str]] = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
