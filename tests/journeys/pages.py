"""Every page of the stories by who opens it; words in braces are filled in by the house. Addresses only."""

from __future__ import annotations

ARTICLE = "/aide/annulations/mon-spectacle-est-annule"
PUBLIC = (
    "/", "/en/", "/recherche", "/recherche?q=spectacle+annulé", "/recherche?q=zzyzx", "/en/search?q=refund", "/aide",
    "/aide/annulations", ARTICLE, f"{ARTICLE}?avis=no#avis", f"{ARTICLE}?avis=why#avis", "/demandes/nouvelle",
    "/demandes/nouvelle?type=refund_cancelled", "/en/requests/new?type=group_booking", "/mes-demandes", "/retrouver",
    "/contact", "/accessibilite", "/donnees", "/plan", "/nulle-part", "{page}", "{ended}", "{opinion}", "{sent}",
    "/regie/connexion",
)  # fmt: skip
AT_WORK = {
    "karim": (
        "/regie/file/todo", "/regie/file/mine", "/regie/file/later", "/regie/file/todo?category=refund_cancelled",
        "/regie/file/todo?order=VAL-22222", "/regie/demandes/{number}", "/regie/demandes/{number}?mode=note",
        "/regie/demandes/{number}/reponses-types", "/regie/demandes/{number}/historique",
        "/regie/demandes/{number}/promesses", "/regie/demandes/{number}/impression", "/regie/demandes/{solved}",
        "/regie/demandes/nouvelle", "/regie/recherche", "/regie/recherche?q=Traviata", "/regie/recherche?q=zzyzx",
        "/regie/moi", "/regie/demandes/999999",
    ),
    "ines": (
        "/regie/pilotage", "/regie/pilotage?periode=dates&du=2026-11-09&au=2026-11-01",
        "/regie/pilotage/liste/received", "/regie/pilotage/liste/alone", ),
    "paul": (
        "/regie/base", "/regie/base/show-cancelled", "/regie/base/show-cancelled/fr",
        "/regie/base/show-cancelled/fr/versions/1", "/regie/base/nouveau", "/regie/base/fichiers",
        "/regie/reglages/reponses", "/regie/reglages/reponses/1", "/regie/reglages/reponses/nouvelle",
    ),
    "sami": ("/regie/interne", "/regie/interne/nouvelle", "/regie/interne/{internal}"),
    "adele": (
        "/regie/reglages/horaires", "/regie/reglages/engagements", "/regie/reglages/motifs",
        "/regie/reglages/motifs/refund_cancelled", "/regie/reglages/maison", "/regie/reglages/services",
        "/regie/reglages/equipe", "/regie/reglages/equipe/2", "/regie/reglages/equipe/nouveau",
        "/regie/reglages/journal", "/regie/reglages/courrier", "/regie/spectateurs/{person}", "/lettres", "/lettres/1",
    ),
}  # fmt: skip
VISITS = [("public", address) for address in PUBLIC] + [(who, at) for who, some in AT_WORK.items() for at in some]
#: Pages that refuse, each with its status.
ANSWERS = {
    "/nulle-part": 404, "/regie/demandes/999999": 404,
    "/regie/pilotage?periode=dates&du=2026-11-09&au=2026-11-01": 422,
}  # fmt: skip
