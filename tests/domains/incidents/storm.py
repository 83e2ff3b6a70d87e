"""A storm with labels: who belongs to the cancelled show, who must be read by a person, and who writes about other things."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.tickets.opening import Draft
from app.tickets.states import Channel
from app.triage.text import fold

FIRST = (
    "Amélie",
    "John",
    "Chloé",
    "Priya",
    "Théo",
    "Fatou",
    "Oliver",
    "Inès",
    "Hugo",
    "Léa",
    "Camille",
    "Grace",
    "Paul",
)
LAST = (
    "Lefèvre",
    "Smith",
    "Nguyen",
    "Garçon",
    "Patel",
    "Dubois",
    "Müller",
    "Traoré",
    "Bénard",
    "Martin",
    "Roux",
    "Jones",
)
OPENINGS = {
    "fr": ("Bonjour,", "Bonsoir,", "Madame, Monsieur,", "Bonjour à l'équipe,", ""),
    "en": ("Hello,", "Dear Sir or Madam,", "Hi there,", ""),
}
CROWD = {
    "fr": (
        "Je viens d'apprendre que {show} est annulé. Comment obtenir le remboursement de mes billets ?",
        "La représentation de {show} du {day} est annulée : pouvez-vous me dire quand je serai remboursé ?",
        "{show} annulé !! Je demande le remboursement de nos deux places.",
        "Suite à l'annulation de {show}, je souhaite être remboursée et non recevoir un avoir.",
        "J'ai vu sur votre site que {show} n'aura pas lieu. Que dois-je faire pour mes places ?",
        "nous avions deux billets pour {show} le {day}, annulé apparemment. remboursement automatique ou pas ?",
        "Est-ce que {show} est bien annulé ? Si oui comment se passe le remboursement, merci",
    ),
    "en": (
        "I have just heard that {show} is cancelled. How do I get a refund for my tickets?",
        "{show} on {day} has been cancelled, when will I get my money back please?",
        "We had two tickets for {show}. As it was cancelled, please refund them.",
    ),
}
MORE = {
    "fr": ("Merci d'avance.", "Dans l'attente de votre réponse.", "C'est vraiment dommage.", "Merci de votre retour rapide.",
           "Nous nous faisions une joie de venir.", "Le paiement avait été fait par carte.", "Ma commande est {order}.",
           "Nous venions de loin.", "Bon courage à vous.", "Je n'ai reçu aucun message de votre part."),
    "en": ("Thank you.", "Looking forward to your answer.", "Such a shame.", "I paid by card.", "My order is {order}.",
           "I have not had any message from you.", "Good luck to you all."),
}  # fmt: skip
EXCEPTIONS = {
    "fr": (
        ("access", "Je suis en fauteuil roulant et j'avais un emplacement réservé avec mon accompagnatrice."),
        ("access", "Mon fils est malentendant et nous avions demandé la boucle magnétique."),
        ("minors", "Nous devions venir avec 28 élèves du collège Jean Vilar, qui faut-il prévenir ?"),
        ("minors", "Je suis institutrice et toute ma classe avait des places."),
        ("legal", "Sans remboursement sous huit jours je saisirai le tribunal et mon avocat."),
        ("legal", "Je vous mets en demeure de me rembourser sous quinzaine."),
        ("third_party", "J'ai acheté mes places chez Fnac Spectacles, est-ce vous qui remboursez ?"),
        ("third_party", "Les billets viennent de BilletReduc."),
        ("chargeback", "J'ai déjà contesté le paiement auprès de ma banque."),
        ("bank", "Attention, ma carte bancaire est expirée depuis et j'ai changé de banque."),
        ("bank", "Voici mon IBAN : FR76 3000 6000 0112 3456 7890 189."),
        ("other_order", "La commande est au nom de ma belle-mère, qui me les avait offerts."),
        ("lost_ticket", "J'ai perdu mes billets papier dans le déménagement, comment prouver mon achat ?"),
        ("distress", "Mon mari est décédé le mois dernier, cette soirée devait me changer les idées."),
        ("asks_more", "Pouvez-vous échanger mes places contre une autre représentation ?"),
        ("asks_more", "Il me faut une attestation pour mon assurance."),
        ("novel", "Par ailleurs, notre chorale amateur propose de chanter gratuitement sur le parvis à la place des solistes, "
                  "avec un accordéoniste et douze choristes ; un producteur nous accompagnerait volontiers."),
    ),
    "en": (
        ("access", "I use a wheelchair and my companion had a free seat."),
        ("legal", "If I am not refunded within a week I will start legal action in the small claims court."),
        ("third_party", "I bought the tickets through Ticketmaster."),
        ("other_order", "The tickets were a present, the order is in the name of my sister."),
        ("asks_more", "Could you exchange them for another performance?"),
    ),
}  # fmt: skip
OTHERS = {
    "fr": (
        "Bonjour, à quelle heure ouvre le vestiaire samedi prochain ?",
        "Bonjour, je n'ai pas reçu mes billets pour {other}, pouvez-vous me les renvoyer ?",
        "Bonjour, {other} affiche complet, y a-t-il une liste d'attente ?",
        "J'ai oublié mon écharpe rouge au balcon hier soir, l'avez-vous retrouvée ?",
        "Je voudrais échanger mes places de {other} contre un autre soir.",
        "Mon abonnement pour la saison prochaine est-il déjà en vente ?",
    ),
    "en": (
        "Hello, is there parking near the opera house?",
        "Hi, I never got my tickets for {other}, can you resend them?",
    ),
}
WAYS = ("{}", "{}", "{}", "l'opéra {}", "« {} »")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A letter with what is true of it: whether it belongs, and why a person must read it."""

    draft: Draft
    belongs: bool
    reason: str


def storm(chance: Random, letters: int, show: str, day: str, other: str) -> list[Labelled]:
    """Letters in the order in which they come: one in five from somebody who wrote, one in twenty an exception."""
    senders = [_sender(chance, number) for number in range(max(1, int(letters * 0.8)))]
    return [_letter(chance, chance.choice(senders), show, day, other) for _ in range(letters)]


def _sender(chance: Random, number: int) -> tuple[str, str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    return f"{first} {last}", f"{fold(first)}.{fold(last)}{number}@exemple.fr"


def _letter(chance: Random, sender: tuple[str, str], show: str, day: str, other: str) -> Labelled:
    language, kind = ("en" if chance.random() < 0.15 else "fr"), chance.random()
    if kind < 0.12:
        return Labelled(_draft(sender, language, chance.choice(OTHERS[language]).format(other=other)), False, "")
    said = chance.choice(CROWD[language])
    reason = ""
    words = [said, *chance.sample(MORE[language], chance.randint(0, 3))]
    if kind < 0.16:
        reason, more = chance.choice(EXCEPTIONS[language])
        words.insert(chance.randint(0, len(words)), more)
    body = " ".join(words).format(show=chance.choice(WAYS).format(show), day=day, order="12345")
    opening = chance.choice(OPENINGS[language])
    return Labelled(_draft(sender, language, f"{opening}\n\n{body}\n\n{sender[0]}"), True, reason)


def _draft(sender: tuple[str, str], language: str, body: str) -> Draft:
    return Draft(email=sender[1], name=sender[0], body=body, channel=Channel.EMAIL, language=language)
