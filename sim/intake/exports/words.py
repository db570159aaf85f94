"""Words that exports use in several languages: names of columns, stages, departments; and what is never read."""

from __future__ import annotations

import re
import unicodedata

# What a column can mean, by kind of file: role -> names, as `plain` writes them. English, German, Spanish, French,
# Italian, Portuguese and Dutch. The first role that knows a name has it.
_OWNER = ("owner", "opportunity owner", "deal owner", "lead owner", "contact owner", "account owner", "owner name",
          "sales rep", "sales agent", "rep", "assigned to", "owner email", "besitzer", "verantwortlicher", "eigentumer",
          "zustandig", "propietario", "responsable", "proprietaire", "proprietario", "eigenaar", "sr id")  # fmt: skip
_CREATED = ("created", "create date", "created date", "created time", "date created", "created at", "created on",
            "add time", "deal erstellt", "deal created", "erstellt", "erstellt am", "erstelldatum", "erstellungsdatum",
            "fecha de creacion", "creado", "date de creation", "cree le", "data di creazione", "data creazione",
            "data de criacao", "criado em", "aangemaakt", "aanmaakdatum", "engage date",
            "first contact date")  # fmt: skip
_AMOUNT = ("amount", "value", "deal value", "close value", "deal amount", "amount converted", "wert", "betrag",
           "volumen", "importe", "monto", "valor", "montant", "valeur", "importo", "valore", "bedrag", "waarde",
           "estimated value", "est revenue", "actual revenue", "acv")  # fmt: skip
_CURRENCY = ("currency", "amount currency", "currency iso code", "currency code", "deal currency", "wahrung",
             "moneda", "divisa", "devise", "valuta", "moeda", "deal currency code")  # fmt: skip
_SOURCE = ("source", "lead source", "original source", "original source type", "origin", "deal source", "channel",
           "quelle", "herkunft", "lead quelle", "leadquelle", "origen", "fuente", "origine", "fonte",
           "bron")  # fmt: skip
_STAGE = ("stage", "stage name", "deal stage", "opportunity stage", "sales stage", "phase", "stufe", "etapa", "fase",
          "etape", "pipeline stage", "verkaufsphase")  # fmt: skip
_STATUS = ("status", "deal status", "state", "estado", "statut", "stato", "opportunity status")
_CLOSED = ("close date", "closed date", "closing date", "closed", "closed at", "actual close date", "close time",
           "abschlussdatum", "geschlossen am", "fecha de cierre", "date de cloture", "data di chiusura",
           "data de fechamento", "sluitingsdatum", "end date")  # fmt: skip
_NAME = ("name", "worker", "employee", "employee name", "full name", "legal name", "display name", "mitarbeiter",
         "nombre completo", "nom complet", "nome completo", "naam", "person")  # fmt: skip
_FIRST = ("first name", "given name", "preferred name", "vorname", "nombre", "prenom", "nome", "voornaam")
_LAST = ("last name", "surname", "family name", "nachname", "familienname", "apellido", "apellidos", "nom",
         "cognome", "sobrenome", "achternaam")  # fmt: skip
_MAIL = ("email", "e mail", "work email", "email address", "email work", "e mail adresse", "correo", "courriel",
         "correo electronico", "user principal name")  # fmt: skip
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "opportunities": {
        "id": ("opportunity id", "deal id", "record id", "id", "vorgangsnummer", "number", "mql id"),
        "label": ("opportunity name", "deal name", "deal title", "title", "titel", "topic", "nombre", "deal titel"),
        "stage": _STAGE, "status": _STATUS,
        "pipeline": ("pipeline", "deal pipeline", "record type", "vertriebspipeline"),
        "amount": _AMOUNT, "currency": _CURRENCY, "created": _CREATED, "closed": _CLOSED,
        "won at": ("won time", "won at", "gewonnen um", "gewonnen am", "won date", "fecha ganada"),
        "lost at": ("lost time", "lost at", "verloren um", "verloren am", "lost date", "fecha perdida"),
        "owner": _OWNER, "source": _SOURCE,
        "type": ("type", "deal type", "opportunity type", "typ", "tipo", "art", "new existing"),
        "first call": ("first call", "first call date", "first activity date", "first contacted"),
    },
    "history": {
        "event": ("id", "history id", "event id"),
        "id": ("opportunity id", "deal id", "parent id", "record id", "opportunity"),
        "stage": (*_STAGE, "new value", "to stage", "to"), "at": (*_CREATED, "last modified", "changed at", "edit date",
                                                                  "entered", "date entered", "systemmodstamp"),
        "owner": (*_OWNER, "created by id", "created by", "edited by"), "amount": _AMOUNT, "currency": _CURRENCY,
    },
    "leads": {
        "id": ("lead id", "record id", "contact id", "id", "mql id"),
        "status": ("lead status", *_STATUS), "stage": ("lifecycle stage", "lifecyclestage", "lead stage"),
        "source": _SOURCE, "created": _CREATED, "owner": _OWNER, "creator": ("created by", "creator", "erstellt von"),
        "converted": ("converted", "is converted", "konvertiert"),
        "converted at": ("converted date", "conversion date", "date converted", "konvertiert am"),
        "opportunity": ("converted opportunity id", "opportunity id", "associated deal id", "associated deal ids",
                        "deal id"),
        "qualified at": ("became a marketing qualified lead date", "mql date", "marketing qualified lead date",
                         "qualified date", "became mql date"),
        "handed at": ("became a sales qualified lead date", "sql date", "sales qualified lead date", "handoff date",
                      "sales accepted date", "became sql date", "handed off", "assigned date", "assigned at"),
        "first call": ("first call", "first call date", "first activity date", "first contacted",
                       "first outreach date", "date of first engagement", "time of first session"),
    },
    "people": {
        "id": ("employee id", "id", "worker id", "personalnummer", "personnel number", "employee number", "user id",
               "legajo", "matricule"),
        "name": _NAME, "first": _FIRST, "last": _LAST, "email": _MAIL,
        "department": ("department", "supervisory organization", "abteilung", "departamento", "departement",
                       "dipartimento", "afdeling", "org unit", "organizational unit", "division", "area", "service",
                       "bereich"),
        "manager": ("manager", "reports to", "supervisor", "vorgesetzter", "manager email", "jefe", "superieur",
                    "responsabile", "leidinggevende", "line manager", "manager name"),
        "site": ("location", "site", "office", "building", "standort", "ubicacion", "sede", "lieu", "locatie",
                 "work location"),
        "hired": ("hire date", "start date", "eintrittsdatum", "date of hire", "fecha de ingreso", "date d embauche",
                  "original hire date", "eintritt"),
        "tenure": ("tenure years", "tenure", "years"),
        "share": ("fte", "fte share", "beschaftigungsgrad", "position fte"),
        "hours": ("weekly hours", "wochenstunden", "hours per week", "horas semanales", "default weekly hours",
                  "scheduled weekly hours"),
        "status": ("active status", "employment status", "status", "employee status", "beschaftigungsstatus"),
        "left": ("termination date", "end date", "austrittsdatum", "last day of work"),
    },
    "ties": {
        "from": ("source", "from", "respondent", "sender", "von", "ego", "de", "from email"),
        "to": ("target", "to", "recipient", "an", "alter", "nach", "a", "to email", "named"),
        "relation": ("relation", "relationship", "type", "question", "beziehung", "tipo", "kind"),
        "value": ("value", "weight", "count", "messages", "wert", "answer", "score", "times", "strength"),
    },
    "answers": {
        "side": ("side", "team", "department", "seite", "abteilung"),
        "who": ("who", "person", "respondent", "id", "name", "wer"),
        **{str(n): (str(n), f"q{n}", f"statement {n}", f"item {n}", f"question {n}") for n in range(1, 21)},
    },
}  # fmt: skip
NEEDED = {  # what a file must have to be of a kind; a tuple: one of these
    "answers": (tuple(str(n) for n in range(1, 21)),),
    "history": ("id", "stage", "at"),
    "opportunities": (("stage", "status", "won at"), ("created", "closed", "won at")),
    "leads": (("status", "stage", "qualified at", "converted at", "source"), ("created", "qualified at")),
    "people": (("name", "last", "email", "id"), ("department", "manager")),
    "ties": ("from", "to"),
}
LEAD_NAMES = {"lead id", "lead status", "lead owner", "lifecycle stage", "lifecyclestage", "mql id", "contact owner"}
ENTERED = re.compile(r"^date entered|^fecha de entrada|^datum des eintritts")
# Never read, whatever a column is mapped to: pay, birth, health, belief, and what people wrote.
PRIVATE = re.compile(
    r"\b(salary|pay|wage|compensation|bonus|gehalt|lohn|vergutung|salario|sueldo|salaire|stipendio|birth|birthday|dob|"
    r"geburt\w*|nacimiento|naissance|nascita|nascimento|age|gender|sex|geschlecht|ethnic\w*|race|religion|konfession|"
    r"nationality|nationalitat|disability|schwerbehind\w*|health|medical|marital|familienstand|ssn|social security|"
    r"tax id|steuer\w*|iban|bank account|passport|national id|phone|mobile|telefon|telefono|address line|street|"
    r"strasse|home address|subject|betreff|asunto|body|message text|description|beschreibung|descripcion|notes?|"
    r"notizen?|notas|comments?|kommentare?|comentarios|next step|performance rating|rating|leave reason)\b"
)

WON = re.compile(r"\b(won|gewonnen|ganad[oa]s?|gagnee?s?|vint[oa]|ganh[oa]|gewonnen|auftrag erhalten|wygran[ae])\b")
LOST = re.compile(r"\b(lost|verloren|perdid[oa]s?|perdue?s?|pers[oa]|disqualified|abandoned|przegran[ae])\b")
OPEN = re.compile(r"\b(open|offen|abiert[oa]|ouverte?|apert[oa]|aberto|in progress)\b")
RENEWAL = re.compile(r"\b(renewal|renew|existing|upsell|cross sell|expansion|verlangerung|renovacion|bestandskunde|"
                     r"renouvellement|rinnovo|add on)\b")  # fmt: skip
OTHER_PIPELINE = re.compile(r"\b(customer success|renewals?|onboarding|partner|support|service|recruiting|upsell)\b")
TEST = re.compile(r"\b(test|tests|do not use|asdf|dummy|demo only|bitte loschen)\b")
NOBODY = re.compile(r"\b(queue|warteschlange|cola|unassigned|nicht zugewiesen|integration user|system|api|admin|"
                    r"automation|bot|round robin|house account)\b")  # fmt: skip
MARKETING = re.compile(r"\b(marketing|mktg|brand|demand gen(eration)?|communications?|kommunikation|mercadeo|"
                       r"growth marketing|werbung)\b")  # fmt: skip
SALES = re.compile(r"\b(sales|vertrieb|ventas|ventes?|vendite|vendas|verkauf|verkoop|account executives?|"
                   r"business development|commercial|comercial|commerciale?|sdr|bdr)\b")  # fmt: skip
GONE = re.compile(r"^(no|inactive|terminated|left|inaktiv|ausgeschieden|former|baja|0|false)$")
YES = {"1", "true", "yes", "ja", "si", "oui", "wahr", "x"}
EMPTY = {"", "-", "--", "n/a", "na", "none", "null", "(none)", "- none -", "(blank)", "nan", "#n/a", "(no value)"}
MONTHS = {}
for _names in (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "jan feb mrz apr mai jun jul aug sep okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
):
    MONTHS |= {name: n for n, name in enumerate(_names.split(), 1)}
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "R$": "BRL", "₹": "INR", "zł": "PLN", "CHF": "CHF"}


def plain(text: str) -> str:
    """A name without case, accents, signs and what stands in brackets, its words apart.

    >>> plain("Deal - Währung"), plain("StageName"), plain("Closed won (Sales Pipeline)"), plain("OpportunityId")
    ('deal wahrung', 'stage name', 'closed won', 'opportunity id')
    """
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", text)
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    text = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


def names_of(header: str) -> list[str]:
    """What a column's name may be looked up as: itself, and without the thing it is a column of.

    >>> names_of("Deal - Gewonnen um")
    ['deal gewonnen um', 'gewonnen um']
    """
    whole = plain(header)
    first, _, rest = whole.partition(" ")
    return [whole, rest] if rest and first in ("deal", "opportunity", "lead", "contact", "person", "user") else [whole]
