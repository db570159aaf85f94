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
MOVED = ("new value", "to stage", "new status", "new stage", "to status", "to", "neuer wert", "nuevo valor",
          "nouvelle valeur", "nuovo valore", "novo valor", "nieuwe waarde", "value")  # fmt: skip
_WHEN = ("last modified", "changed at", "edit date", "entered", "date entered", "systemmodstamp", "timestamp",
         "change date", "changed on", "geandert am", "datum")  # fmt: skip
_EVENT = ("id", "history id", "event id")
_FIELD = ("field", "field event", "field name", "property", "property name", "feld", "campo", "champ", "veld")
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
        "id": ("opportunity id", "deal id", "parent id", "record id", "opportunity"), "event": _EVENT,
        "field": _FIELD, "stage": (*_STAGE, *MOVED), "at": (*_CREATED, *_WHEN),
        "owner": (*_OWNER, "created by id", "created by", "edited by"), "amount": _AMOUNT, "currency": _CURRENCY,
    },
    "lead-history": {
        "id": ("lead id", "contact id", "record id"), "event": _EVENT, "field": _FIELD,
        "stage": ("lead status", "lifecycle stage", "lifecyclestage", *_STAGE, *_STATUS, *MOVED),
        "at": (*_CREATED, *_WHEN), "creator": ("created by id", "created by", "edited by", "changed by"),
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
        "from": ("source", "from", "respondent", "sender", "von", "ego", "de", "from email", "sender address",
                 "sender email", "from address", "absender", "remitente", "expediteur", "mittente"),
        "to": ("target", "to", "recipient", "an", "alter", "nach", "a", "to email", "named", "recipient address",
               "recipients", "recipient email", "to address", "empfanger", "destinatario", "destinataire"),
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
    "lead-history": ("id", "stage", "at"),
    "opportunities": (("stage", "status", "won at"), ("created", "closed", "won at")),
    "leads": (("status", "stage", "qualified at", "converted at", "source"), ("created", "qualified at")),
    "people": (("name", "last", "email", "id"), ("department", "manager")),
    "ties": ("from", "to"),
}
STAGE_FIELDS = {*_STAGE, *_STATUS, "lead status", "lead stage", "lifecycle stage", "lifecyclestage"}
LEAD_NAMES = {"lead id", "lead status", "lead owner", "lifecycle stage", "lifecyclestage", "mql id", "contact owner"}
ENTERED = re.compile(r"^date entered|^fecha de entrada|^datum des eintritts")
# Never read, whatever a column is mapped to: words of headers as `spelt` writes them, by what they tell. English,
# German, French, Spanish, Italian, Portuguese, Dutch, the Nordic tongues and Polish; a name of a role is none of them.
_TELLING = {
    "pay": r"""\w*salary\w*|salaries|salaires?|salari(o|os|al|ale|is|es)|salaris|pay|payslips?|\w*payroll\w*|
        paychecks?|wages?|compensation\w*|remunera\w*|retribu\w*|bonus\w*|bono|bonificacion|commission\w*|
        comision(es)?|comiss(ao|oes)|provision(en|es|s)?|provvigion[ei]|provisie|provisjon|prowizj\w*|earnings|ote|
        stock options?|hourly rate|day rate|(annual|personal|household|gross) income|(employee|job|wage) (grade|band)|
        \w*geh(a|ae)lt\w*|\w*entgelt\w*|\w*lohn\w*|\w*vergue?tung\w*|besoldung\w*|bezue?ge|einkommen\w*|tarifgruppe|
        stundensatz|tagessatz|personalkosten|nominas?|sueldo\w*|paga|paie|paye|primes|taux horaire|stipendi\w*|
        compenso|ordenado|folha de pagamento|loon\w*|(bruto|uur|maand|jaar)loon|beloning\w*|
        (arbeids|ars|maneds|time|grunn|brutto)?lonn(?!som)\w*|(manads|maneds|ars|tim|time|grund)lon|
        \w*palk(ka|at|an|kio)\w*|wynagrodzeni\w*|pensj\w*|placa|premia""",
    "birth and age": r"""\w*birth\w*|dob|geburt\w*|geboren|nacimiento|naissance|ne le|nascita|nascimento|geboorte\w*|
        fodsel\w*|fodelse\w*|fodt|syntyma\w*|urodz\w*|age|(lebens)?alter|alters(gruppe|klasse|jahre)|edad|idade|
        leeftijd\w*|alder\w*|ika|wiek""",
    "health": r"""disabilit\w*|disabled|handicap\w*|health|medical|medicines?|sick\w*|illness\w*|pregnan\w*|
        (maternity|paternity|parental) \w+|vaccin\w*|diagnos\w*|blood \w+|\w*behindert\w*|behinderung\w*|\w*krank\w*|
        gesundheit\w*|schwanger\w*|mutterschutz|elternzeit|impf\w*|enferm\w*|discapa\w*|minusval\w*|salud|embaraz\w*|
        baja medica|incapacidad\w*|maladie\w*|sante|enceinte|grossesse|invalidit\w*|invalid(e|ez|o)|malatti\w*|salute|
        incinta|doenca\w*|saude|gravid\w*|deficien\w*|ziek\w*|verzuim\w*|gezondheid\w*|zwanger\w*|sjuk\w*|syke\w*|
        sykdom\w*|sykmeld\w*|syge\w*|sygdom\w*|sygmeld\w*|helse\w*|halsa|sundhed\w*|funksjons(ned|hem)\w*|
        funktionsneds\w*|sairau\w*|sairas\w*|terveys\w*|terveyd\w*|raskau\w*|vamma\w*|zdrow\w*|chorob\w*|
        zwolnien\w* lekarsk\w*|ciaz[ay]|niepelnospr\w*""",
    "belief and union": r"""religi\w*|beliefs?|faith|church|denomination|konfession\w*|confession\w*|glauben?|
        kirch\w*|uskont\w*|trossamf\w*|wyznani\w*|geloof\w*|credo|union (member|status|dues)\w*|unioni[sz]ed|
        (trade|labou?r) union\w*|works council\w*|gewerkschaft\w*|betriebsrat\w*|sindica\w*|sindaca\w*|syndica\w*|
        vakbond\w*|fagforening\w*|fackfor\w*|fackklubb|ammattiliit\w*|zwiaz\w* zawodow\w*|political \w+|
        party member\w*|parteizug\w*""",
    "family, sex and descent": r"""marital|married|spouses?|children|kids|dependents|dependants|next of kin|
        emergency contact\w*|(family|relationship) status|familienstan\w*|verheiratet|ledig|ehepartner\w*|ehegatt\w*|
        kinder\w*|estado civil|etat civil|stato civile|burgerlijke sta\w*|situation (familiale|matrimoniale)|
        conjoint\w*|conyuge|coniuge|hijos|enfants|figli|filhos|civilstand|sivilstand|siviilisaaty|antall? barn|lapset|
        stan cywilny|dzieci|gender\w*|sex|sexual \w+|pronouns|geschlecht\w*|genero|genere|genre|sexe|sexo|sesso|
        geslacht|kjonn|sukupuoli|plec|ethni\w*|etni\w*|race|rasse|raza|raca|nationalit\w*|nacionalidade?|nazionalita|
        citizenship|staatsangeh\w*|staatsbue?rger\w*|ciudadania|cidadania|cittadinanza|nasjonalitet|kansalai\w*|
        narodowosc|obywatelstwo""",
    "numbers, ways to somebody": r"""ssn|social security|national insurance|tax id|steuer\w*|sozialversicherung\w*|
        seguridad social|securite sociale|codice fiscale|personnummer|fodselsnummer|henkilotunnus|pesel|curp|cpf|dni|
        bsn|iban|bank account|bankverbindung|kontonummer|cuenta bancaria|passport\w*|reisepass\w*|pasaporte|passeport|
        ausweis\w*|national id|driv(ing|ers?) licen[cs]e|fuhrerschein\w*|\w*phones?|mobile|telefon\w*|telefoon\w*|
        puhelin\w*|handy\w*|mobil|mobilnummer|movil|celular|fax|address line|street|strasse|
        (home|private|postal) address|privatadresse|anschrift|wohnort|domicilio""",
    "texts": r"""subjects?|betreff|asunto|objet|oggetto|assunto|onderwerp|emne|amne|aihe|temat?|body|message text|
        descri[cpz]\w*|beschreibung\w*|beschrijving\w*|omschrijving\w*|beskriv\w*|kuvaus|opis|notes?|notiz\w*|notas?|
        notities|notitie|notat\w*|anteckning\w*|aantekening\w*|merknad\w*|bemaerkning\w*|anmaerkning\w*|anmarkning\w*|
        huomau\w*|muistiinpano\w*|comments?|comment[oi]|commentaires?|comentarios?|kommentar\w*|kommentti\w*|
        kommentit|komentarz\w*|opmerking\w*|remarks?|remarques?|observac\w*|observations?|osservazion\w*|uwagi|memos?|
        bemerkung\w*|anmerkung\w*|vermerk\w*|anotac\w*|annotations?|annotazion\w*|feedback|next step|nachster schritt|
        siguiente paso|prochaine etape|prossimo passo|proximo passo|volgende stap|appraisal\w*|
        performance (review|score|grade)|rating|\w*beurteilung\w*|(leave|leaving|termination) reason|
        reason for leaving|austrittsgrund|kundigungsgrund""",
}  # fmt: skip
PRIVATE = re.compile(r"\b(" + re.sub(r"\n\s+", "", "|".join(_TELLING.values())) + r")\b")
ALONE = {  # private where nothing else stands in the name: a lead's grade and a count of messages are not
    "grade", "union", "message", "nachricht", "mensaje", "messaggio", "mensagem", "content", "inhalt", "contenido",
    "contenu", "text", "texte", "texto", "testo", "tekst",
}  # fmt: skip
# What sounds so and is not: for how long a thing is there, how it does, how many notes there are, or since when.
_THING = (r"(opportunity|deal|lead|account|record|pipeline|stage|quote|ticket|invoice|contract|activity|company|"
          r"leads|deals|oportunidad|opportunite|opportunita)")  # fmt: skip
INNOCENT = re.compile(
    rf"\b{_THING} (age|alter|edad)\b|\b(customer|{_THING}) health\b|"
    rf"\b(age|alter|edad) (of|de|del|des|der) (the |la |l )?{_THING}\b|"
    r"^age (in )?days$|\b(number|count|num|anzahl|numero|nombre) (of |de |der |von |d )?(contacted )?"
    r"(notes?|comments?|notizen|notas|kommentare|comentarios|commentaires|remarks)\b|"
    r"\b(notes?|comments?|notizen|notas) (count|anzahl|last contacted|last updated|next activity( date)?)\b|"
    r"\b(account|user|login|record) disabled\b"
)
ACCENTED = re.compile(r"\b(età|lön|løn|kön|køn)\b")  # without its accent the word is another, or nothing

WON = re.compile(r"\b(won|gewonnen|ganad[oa]s?|gagnee?s?|vint[oa]|ganh[oa]|gewonnen|auftrag erhalten|wygran[ae])\b")
LOST = re.compile(r"\b(lost|verloren|perdid[oa]s?|perdue?s?|pers[oa]|disqualified|abandoned|przegran[ae])\b")
# What a stage of a lead says that it has come to, as `sim.study.own.counts.STEPS` names it; "not contacted" is none.
REACHED = {
    "opportunity": re.compile(r"\b(converted|opportunity|konvertiert|umgewandelt|convertid[oa]|converti[et]?|"
                              r"convertit[oa]|oportunidad(e)?|opportunite|opportunita)\b"),
    "handed off": re.compile(r"\b(sql|sal|sales (qualified|accepted|ready)|handed (off|over)|assigned|ubergeben|"
                             r"zugewiesen|asignad[oa]|assigne|assegnat[oa]|atribuid[oa]|toegewezen)\b"),
    "qualified": re.compile(r"\b(mql|marketing qualified|qualified|qualifiziert|cualificad[oa]|calificad[oa]|"
                            r"qualifiee?|qualificat[oa]|qualificad[oa]|gekwalificeerd)\b"),
    "called": re.compile(r"\b(contacted|working|attempt(ed|ing)?|connected|called|in contact|kontaktiert|angerufen|"
                         r"contactad[oa]|contactee?|contattat[oa]|contatad[oa]|gecontacteerd|gebeld)\b"),
}  # fmt: skip
NOT = re.compile(r"\b(not|un|non|no|nicht|nie|never|pas|nao|niet|dis|unqualified|disqualified)\b")
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
NO = {"0", "false", "no", "nein", "non", "nee", "nao", "falsch"}
# How often, as surveys offer it: a place on a scale from 0 to 4.
OFTEN = {word: at for at, words in enumerate((
    "never, not at all, nie, gar nicht, nunca, jamais, mai, nooit",
    "rarely, seldom, year, yearly, annually, quarter, quarterly, selten, jahrlich, raramente, anual, rarement, zelden",
    "sometimes, month, monthly, manchmal, monatlich, a veces, mensual, mes, parfois, mensuel, mois, a volte, mensile",
    "often, week, weekly, oft, haufig, wochentlich, a menudo, semanal, semana, souvent, semaine, spesso, settimana",
    "very often, day, daily, always, sehr oft, taglich, diario, dia, siempre, quotidien, jour, toujours, sempre",
)) for word in words.split(", ")}  # fmt: skip
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
    >>> plain("Employee #")
    'employee number'
    """
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", text)
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    text = re.sub(r" ?(#|№)$", " number", text)
    text = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


def spelt(header: str) -> str:
    """A header as private words are looked for in it: with what stands in brackets, in letters of ASCII.

    >>> spelt("Amount (Lønn)"), spelt("HRComments"), spelt("Płeć")
    ('amount lonn', 'hr comments', 'plec')
    """
    header = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", re.sub(r"[\[\]()]", " ", header))
    return plain(header).translate({ord("ø"): "o", ord("ł"): "l", ord("æ"): "ae", ord("œ"): "oe", ord("đ"): "d"})


def how_often(text: str) -> int | None:
    """How often a text of a survey says, from 0 to 4; None where it says nothing of it, or two things.

    >>> [how_often(each) for each in ("Weekly", "Once a month", "Very often", "Nie", "3", "monthly or weekly")]
    [3, 2, 4, 0, None, None]
    """
    word = plain(text)
    if word in OFTEN:
        return OFTEN[word]
    said = {OFTEN[each] for each in word.split() if each in OFTEN}
    return said.pop() if len(said) == 1 else None


def is_private(header: str) -> bool:
    """Whether a column by its name tells of pay, birth, health, belief or family, or holds what people wrote.

    >>> [is_private(each) for each in ("Nómina", "Jahresgehalt", "Edad", "Opportunity Age (days)", "Stage")]
    [True, True, True, False, False]
    """
    said = INNOCENT.sub(" ", spelt(header))
    accented = ACCENTED.search(unicodedata.normalize("NFC", header.casefold().replace("_", " ")))
    return bool(accented or said in ALONE or PRIVATE.search(said))


def names_of(header: str) -> list[str]:
    """What a column's name may be looked up as: itself, and without the thing it is a column of.

    >>> names_of("Deal - Gewonnen um")
    ['deal gewonnen um', 'gewonnen um']
    """
    whole = plain(header)
    first, _, rest = whole.partition(" ")
    return [whole, rest] if rest and first in ("deal", "opportunity", "lead", "contact", "person", "user") else [whole]
