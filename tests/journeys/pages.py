"""Every page of the stories by who opens it; words in braces are filled in by the house. Addresses only."""

from __future__ import annotations

ARTICLE = "/aide/annulations/mon-spectacle-est-annule"
PUBLIC = (
    "/", "/en/", "/recherche", "/recherche?q=spectacle+annulé", "/recherche?q=zzyzx", "/en/search?q=refund", "/aide",
    "/en/help", "/aide/annulations", "/en/help/cancellations", ARTICLE, f"{ARTICLE}?avis=no#avis",
    f"{ARTICLE}?avis=why#avis", f"{ARTICLE}?avis=yes#avis", "/en/help/cancellations/my-show-is-cancelled",
    "/demandes/nouvelle", "/demandes/nouvelle?type=refund_cancelled", "/en/requests/new?type=group_booking", "/mes-demandes",
    "/en/my-requests", "/retrouver", "/en/find", "/contact", "/en/contact", "/accessibilite", "/en/accessibility",
    "/donnees", "/en/your-data", "/plan", "/en/site-plan", "/nulle-part", "{page}", "{page}?lang=en", "{ended}",
    "{expired}", "{page}X", "{opinion}", "{opinion}&lang=en", "/avis/X",
    "/demandes/envoyee?f={submission}", "/en/requests/sent?f={submission}", "/regie/connexion", "/regie/connexion/X",
    "/c/{choice}", "/c/{choice}?lang=en", "/c/{partly}", "/c/{chosen}", "/c/{chosen}?changer=1", "/c/{settled}?lang=en",
    "/c/{returned}", "/c/{returned}/compte", "/c/{returned}/compte?lang=en", "/c/{returned}/bon", "/c/{returned}/bon?lang=en",
    "/c/{chosen}/recapitulatif", "/c/{choice}/bulletin", "/c/{choice}X", "/c/{replaced}", "/spectacle-annule",
    "/en/cancelled-show", "/ne-plus-recevoir/{leave}", "/ne-plus-recevoir/{leave}?lang=en",
)  # fmt: skip
AT_WORK = {
    "karim": (
        "/regie/ce-soir", "/regie/file/todo", "/regie/file/mine", "/regie/file/later", "/regie/file/done",
        "/regie/file/todo?category=refund_cancelled", "/regie/file/todo?order=VAL-22222", "/regie/file/v/{view}",
        "/regie/demandes/{number}", "/regie/demandes/{number}?mode=note", "/regie/demandes/{number}/reponses-types",
        "/regie/demandes/{number}/historique", "/regie/demandes/{number}/promesses",
        "/regie/demandes/{number}/impression", "/regie/demandes/{solved}", "/regie/demandes/nouvelle",
        "/regie/recherche", "/regie/recherche?q=Traviata", "/regie/recherche?q=zzyzx", "/regie/moi", "/regie/moi/avis", "/aide/interne",
        "/regie/demandes/999999", "/regie/pilotage", "/regie/courrier/illisibles",
        "/regie/courrier/illisibles?vue=ecartes", "/regie/courrier/illisibles/{unread}", "/regie/courrier/retenus",
        "/regie/courrier/voie-lente", "/regie/courrier/voie-lente?vue=ecartes",
        "/regie/demandes/{number}/messages/{misfiled}/classement", "/regie/demandes/{number}/transfert",
        "/regie/annonces", "/regie/annonces/{announced}", "/regie/annonces/{announced}/liste/phone",
        "/regie/incidents", "/regie/incidents/{declared}", "/regie/incidents/{declared}?apres=99999-9",
        "/regie/incidents/{declared}/foule",
        "/regie/incidents/{declared}/foule?vue=out", "/regie/incidents/{past}/bilan",
        "/regie/demandes/{apart}?incident={declared}",
        "/regie/incidents/{incident}/reponses/{crowd_answer}?liste=said",
        "/regie/annulations", "/regie/annulations/{campaign}", "/regie/annulations/{campaign}/avoirs",
        "/regie/annulations/{campaign}/avoirs?liste=autrement", "/regie/avoirs/{credit}",
        "/regie/avoirs/{credit}/lien",
        "/regie/foyers", "/regie/foyers?q=zzyzx", "/regie/foyers?q=martin", "/regie/foyers/{home}",
        "/regie/foyers/doublons", "/regie/foyers/doublons?apres=1-1", "/regie/avoirs/{credit}/bulletin", "/regie/avoirs/{credit_chosen}/recapitulatif",
    ),
    "ines": (
        "/regie/annonces/nouvelle", "/regie/annonces/{announcement}",
        "/regie/billetterie/import", "/regie/annulations/nouvelle", "/regie/annulations/{campaign}", "/regie/annulations/{simulated}",
        "/regie/annulations/{campaign}/changements", "/regie/annulations/{changed}",
        "/regie/annulations/{changed}/changements", "/regie/annulations/{differs}",
        "/regie/annulations/{campaign}/changements/representation?representation={evening}&motif=plays",
        "/regie/annulations/{simulated}/texte", "/regie/annulations/{simulated}/ecartes?motif=free",
        "/regie/annulations/lois", "/regie/annulations/lois/nouvelle", "/regie/annulations/lois/ord-2020-538",
        "/regie/pilotage", "/regie/pilotage?periode=dates&du=2026-11-09&au=2026-11-01",
        "/regie/pilotage/liste/received", "/regie/pilotage/liste/alone", "/regie/incidents",
        "/regie/incidents/{proposed}", "/regie/incidents/{past}", "/regie/incidents/declarer",
        "/regie/incidents/declarer?proposition={proposed}", "/regie/incidents/{declared}/mots",
        "/regie/incidents/{declared}/fin", "/regie/incidents/{past}/bilan",
        "/regie/incidents/{incident}/reponse", "/regie/incidents/{incident}/reponse?a=0",
        "/regie/incidents/{incident}/reponse?corrige={crowd_answer}", "/regie/incidents/{incident}/reponses/{crowd_answer}",
    ),
    "odile": (
        "/regie/annulations/{closed}/argent", "/regie/annulations/{closed}/argent/lots",
        "/regie/annulations/{locked}/argent", "/regie/annulations/{locked}/argent/examen",
        "/regie/annulations/{locked}/argent/lots", "/regie/annulations/{locked}/argent/lots/{batch}",
        "/regie/annulations/{locked}/argent/banque", "/regie/annulations/{closed}/argent/banque",
        "/regie/annulations/{locked}/argent/rapprochement", "/regie/annulations/{locked}/argent/trace",
        "/regie/annulations/comptes", "/regie/annulations/comptes/nouveau", "/regie/annulations/comptes/owed/-",
        "/regie/annulations/comptes/maison", "/regie/annulations",
    ),
    "paul": (
        "/regie/base", "/regie/base?q=zzyzx", "/regie/base/a-revoir", "/regie/base/mots", "/regie/base/show-cancelled/fr", "/regie/base/show-cancelled/cote-a-cote",
        "/regie/base/show-cancelled/fr/versions/1", "/regie/base/show-cancelled/fr/brouillons/{draft}",
        "/regie/base/nouveau", "/regie/base/nouveau?titre=Tarif+groupe&langue=fr", "/regie/base/fichiers", "/regie/reglages/reponses", "/regie/reglages/reponses/1",
        "/regie/reglages/reponses/nouvelle",
    ),
    "sami": ("/regie/interne", "/regie/interne/nouvelle", "/regie/interne/nouvelle?motif={kind}",
             "/regie/interne/{internal}"),
    "adele": (
        "/regie/reglages/horaires", "/regie/reglages/engagements", "/regie/reglages/attente", "/regie/reglages/motifs",
        "/regie/reglages/motifs/refund_cancelled", "/regie/reglages/maison", "/regie/reglages/services",
        "/regie/reglages/boites", "/regie/reglages/boites/nouvelle", "/regie/reglages/boites/{mailbox}",
        "/regie/reglages/lettres", "/regie/reglages/lettres/received", "/regie/reglages/lettres/question", "/regie/reglages/lettres/articles",
        "/regie/reglages/equipe", "/regie/reglages/equipe/2", "/regie/reglages/equipe/nouveau",
        "/regie/reglages/droits", "/regie/reglages/journal", "/regie/reglages/courrier",
        "/regie/spectateurs/{person}", "/lettres", "/lettres?etat=failed", "/lettres/{letter}",
    ),
}  # fmt: skip
VISITS = [("public", address) for address in PUBLIC] + [(who, at) for who, some in AT_WORK.items() for at in some]
#: Pages that refuse, each with its status.
ANSWERS = {
    "/nulle-part": 404, "{page}X": 404, "/avis/X": 404, "{expired}": 410, "/c/{choice}X": 404, "/c/{replaced}": 410, "/regie/demandes/999999": 404,
    "/regie/pilotage?periode=dates&du=2026-11-09&au=2026-11-01": 422,
}  # fmt: skip
#: A page that is another one for somebody else.
REFUSED = {("karim", "/regie/pilotage"): 403}
#: What is read by GET and is no page: it leads on, is a part of a page, or is a file.
NO_PAGES = {
    "/regie", "/regie/", "/regie/file", "/regie/reglages", "/regie/base/<slug>", "/demandes/verification",
    "/en/requests/check", "/regie/file/nouvelles", "/regie/recherche/articles", "/api/v1/", "/health", "/robots.txt",
    "/c/<token>/<any(verification, coordonnees, code, confirmation):_step>", "/c/<token>/compte/code", "/c/<token>/recu/<number>.<any(pdf, html):form>", "/sitemap.xml", "/favicon.ico", "/favicon.svg", "/static/<path:filename>", "/d/<token>/fichiers/<int:file_id>",
    "/regie/pilotage/export/<what>.csv", "/regie/incidents/<int(max=9007199254740991):incident_id>/bilan.csv",
    "/regie/demandes/<int(max=9999999):number>/reponses-types/incident/<int(max=9007199254740991):incident_id>", "/lettres/<int(max=9007199254740991):letter_id>/html",
    "/regie/demandes/<int(max=9999999):number>/<any(suivante, precedente):which>",
    "/regie/demandes/<int(max=9999999):number>/articles/<slug>",
    "/regie/demandes/<int(max=9999999):number>/reponses-types/<int(max=9007199254740991):answer_id>",
    "/regie/demandes/<int(max=9999999):number>/fichiers/<int(max=9007199254740991):file_id>",
    "/regie/reglages/boites/<int(max=999999999):mailbox_id>/connexion", "/regie/reglages/boites/retour",
    "/regie/reglages/lettres/<kind>/<lang>/page", "/regie/ce-soir/etat",
    "/regie/annulations/<int(max=9007199254740991):campaign_id>/autrement.csv", "/regie/billetterie/import/etat",
    "/regie/annulations/<int(max=9007199254740991):campaign_id>/etat",
    "/regie/annulations/<int(max=9007199254740991):campaign_id>/argent/lots/etat",
    "/regie/annulations/<int(max=9007199254740991):campaign_id>/argent/rapprochement.csv",
    "/regie/annulations/<int(max=9007199254740991):campaign_id>/argent/fichiers/<int(max=9007199254740991):file_id>",
    "/regie/annonces/<int(max=9007199254740991):announcement_id>/etat",
    "/regie/annonces/<int(max=9007199254740991):announcement_id>/liste/<way>.csv",
    "/regie/incidents/<int(max=999999999):incident_id>/reponses/<int(max=999999999):answer_id>/etat",
    "/regie/incidents/<int(max=999999999):incident_id>/reponses/<int(max=999999999):answer_id>/personnes.csv",
    "/regie/courrier/illisibles/<int(max=9007199254740991):letter_id>/brut",
    "/regie/interne/<int(max=9999999):number>/fichiers/<int(max=9007199254740991):file_id>",
}  # fmt: skip
