"""The people of every test, with fixed roles for ever."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.access import Role

PASSWORD = "rideau-cramoisi-42"


@dataclass(frozen=True)
class Character:
    """Somebody tests can sign in as."""

    name: str
    email: str
    roles: tuple[Role, ...]
    departments: tuple[str, ...] = ()


LEA = "lea.fontanel@exemple.fr"
STRANGER = "inconnu@exemple.fr"
SAMI = Character("Sami Haddad", "sami@valmorin.example", (Role.STAFF,))
KARIM = Character("Karim Oulmane", "karim@valmorin.example", (Role.STAFF, Role.AGENT), ("billetterie",))
NADIA = Character("Nadia Belkacem", "nadia@valmorin.example", (Role.STAFF, Role.AGENT), ("billetterie",))
INES = Character("Inès Carvalho", "ines@valmorin.example", (Role.STAFF, Role.MANAGER), ("billetterie",))
PAUL = Character("Paul Verdier", "paul@valmorin.example", (Role.STAFF, Role.EDITOR))
ODILE = Character("Odile Perrin", "odile@valmorin.example", (Role.STAFF, Role.FINANCE), ("billetterie",))
ADELE = Character("Adèle Roux", "adele@valmorin.example", (Role.ADMIN,), ("billetterie", "it", "rh", "maison"))
HUGO = Character("Hugo Lambert", "hugo@valmorin.example", (Role.STAFF, Role.AGENT), ("it",))
RITA = Character("Rita Sorel", "rita@valmorin.example", (Role.STAFF, Role.AGENT), ("rh",))
EVERYBODY = (SAMI, KARIM, NADIA, INES, PAUL, ODILE, ADELE, HUGO, RITA)
