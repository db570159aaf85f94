"""Exports are read as people would read them: by rules, never by names of files; and every fault has its place."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import code_of
from sim.errors import InputError
from sim.intake.exports import packed, sheets
from sim.intake.exports.choices import Choices
from sim.intake.exports.deals import keys
from sim.intake.exports.match import IGNORE
from sim.intake.exports.reading import Imported, read_exports
from sim.intake.exports.values import date_order, decimal_sign, read_amounts, read_dates
from sim.intake.exports.words import ROLES, is_private
from sim.study.own.folder import members

RATES = {"EUR": 1.0, "MXN": 20.0, "USD": 1.25, "COP": 4000.0}
SAID = Choices(rates=RATES, currency="EUR", skip_bad=True)
FUNNEL = ("opportunities", "won", "lost", "open", "owners", "median_won_days")
HERE = {  # a reading of expected.json -> where it stands
    "won_eur": "won_value", "median_won_eur": "median_won_value", "contacts": "leads",
}  # fmt: skip
WORDS = {"encoding", "delimiter", "dates", "decimal", "thousands", "note", "ids", "queue", "lines_above_header",
         "rates_needed", "mql_to_sql"}  # told in words, and looked at one by one below  # fmt: skip


MANY_OF_ONE = re.compile(r"1 (lines|leads|renewals|values|statements|amounts|ties|opportunities|people|answers)\b")


def read(*paths, **said) -> Imported:
    return read_exports(paths, SAID.but(**said))


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- the shared samples ---


@pytest.fixture(scope="module")
def samples(shared_data):
    if not (shared_data / "crm").is_dir():
        pytest.skip("the samples are not here")
    return shared_data / "crm"


@pytest.fixture(scope="module")
def expected(samples):
    return json.loads((samples / "expected.json").read_text(encoding="utf-8"))


def test_every_sample_reads_as_expected_whatever_it_is_called(samples, expected, tmp_path):
    wrong = []
    for n, name in enumerate(name for name in expected if name != "truth"):
        path = write(tmp_path, f"x{n}", (samples / name).read_bytes())
        account = read(path).accounts[0]
        for key, value in expected[name].items():
            if key not in WORDS and account.numbers.get(HERE.get(key, key)) != value:
                wrong.append((name, key, value, account.numbers.get(HERE.get(key, key))))
        if "mql_to_sql" in expected[name]:
            assert round(account.numbers["sql"] / account.numbers["mql"], 4) == expected[name]["mql_to_sql"]
        assert not [said for said in account.told if MANY_OF_ONE.match(said)], account.told
    assert n == 11 and wrong == []


def test_how_the_samples_are_written_is_found_out(samples):
    def of(name):
        return read(next(samples.glob(f"{name}_*"))).accounts[0]

    assert (of("01").encoding, of("01").delimiter) == ("cp1252", ",")
    assert of("01").numbers["dates"] == of("11").numbers["dates"] == "month/day/year"
    assert (of("07").delimiter, of("07").numbers["decimal"], of("07").numbers["dates"]) == (";", ",", "day.month.year")
    assert (of("08").numbers["decimal"], of("08").numbers["dates"]) == (",", "day and name of month")
    assert (of("11").encoding, of("11").delimiter, of("11").above) == ("utf-16", "\t", 3)
    assert (of("05").encoding, of("13").encoding) == ("utf-8-sig", "utf-8-sig")
    assert set(of("02").numbers["currencies"]) == set(RATES)


def test_the_samples_are_in_the_encoding_that_is_named(samples, expected):
    """Or in one that has the same letters for all of a file's bytes, as cp1252 has those of Latin-1."""
    named = {name: about["encoding"] for name, about in expected.items() if "encoding" in about}
    assert len(named) >= 3
    for name, encoding in named.items():
        raw, found = (samples / name).read_bytes(), read(samples / name).accounts[0].encoding
        assert found == {"latin-1": "cp1252"}.get(encoding, encoding)
        assert raw.decode(found) == raw.decode(encoding)


LATIN = [
    "Müller & Söhne",
    "Áurea Têxtil",
    "Señora Peña",
    "Ångström Öberg",
    "Façade",
    "Übergröße für 5 €",
    "“Große” Straße",
]


@given(st.lists(st.sampled_from(LATIN), min_size=1, max_size=5))
def test_latin_letters_are_read_as_cp1252_and_it_is_said(names):
    raw = PIPEDRIVE.replace("Cobalt", ", ".join(names)).encode("cp1252")
    assert sheets.encoding_of(raw) == "cp1252"


@given(st.sampled_from([0x81, 0x8D, 0x8F, 0x90, 0x9D]), st.integers(0, 2000))
def test_a_byte_that_is_no_letter_is_told_with_its_line(tmp_path_factory, byte, above):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    rows = PIPEDRIVE.encode("cp1252").splitlines(keepends=True)
    more = b"".join(b"%d;X;5,5;EUR;Offen;26.03.2025 08:15;;\n" % (100 + n) for n in range(above))
    path.write_bytes(b"".join(rows) + more + b"9;%c;5,5;EUR;Offen;26.03.2025 08:15;;\n" % byte)
    with pytest.raises(
        InputError, match=f"bytes.csv, line {above + 5}: is not cp1252 .the byte 0x{byte:02X},.*--encoding"
    ):
        read(path)
    assert len(read(path, encoding="latin-1").deals) == above + 4


def test_every_tool_s_export_gives_the_same_funnel(samples, expected):
    """Five tools, one truth; Zoho's file holds one more lost opportunity, as expected.json says."""
    found = {name: read(next(samples.glob(f"{name}_*"))).accounts[0].numbers for name in ("01", "02", "05", "07", "08")}
    for name in ("01", "02", "05", "07"):
        assert {key: found[name][key] for key in FUNNEL} == {key: expected["truth"][key] for key in FUNNEL}
        assert found[name]["won_value"] == pytest.approx(expected["truth"]["won_eur"], abs=0.5)
    assert (found["08"]["lost"], found["08"]["open"]) == (27, 9)
    assert {key: (found["08"] | {"lost": 26, "open": 10})[key] for key in FUNNEL} == {
        key: expected["truth"][key] for key in FUNNEL}  # fmt: skip


def test_owners_are_people_and_ties_know_both_ends(samples):
    found = read(*(next(samples.glob(f"{name}_*")) for name in ("01", "03", "11", "16")))
    assert (found.deals["person"] >= 0).all()
    assert set(found.people["side"].iloc[found.deals["person"]]) == {"sales"}  # of two Jon Vespers the one in Sales
    assert len(found.ties) == 39 and found.leads["queue"].sum() == 108  # and the line that is no date
    joined = found.leads[found.leads["opportunity"] != ""]["opportunity"]
    assert joined.isin(set(found.deals["id"])).all()  # 15 characters here, 18 there


# --- excerpts that go with the project ---

SALESFORCE = """"Opportunity ID","Opportunity Name",Stage,"Amount Currency",Amount,"Close Date","Created Date",Type
"006QX0000000001AAA","Áurea - 1","Closed Won","EUR","18,076.36","3/4/2025","1/28/2025","New Business"
"006QX0000000002AAA","Brück - 2","Closed Lost","EUR","20,107.43","8/21/2025","7/14/2025","New Business"
"006QX0000000002AAA","Brück - 2","Closed Lost","EUR","20,107.43","8/21/2025","7/14/2025","New Business"
"006QX0000000003AAA","Cobalt - 3","Prospecting","EUR","11,759.86","12/6/2030","3/26/2025","New Business"
"006QX0000000110AAA","Moved","Closed Won","EUR","9,900.00","5/4/2023","11/30/2025","New Business"
"006QX0000000111AAA","Helix - 2025","Closed Won","EUR","30,000.00","9/30/2025","7/1/2025","Renewal"
"006QX0000000113AAA","TEST do not use","Prospecting","EUR","1.00","12/31/2025","3/3/2025","New Business"

"Grand Totals (7 records)"
"Confidential Information - Do Not Distribute"
"""
PIPEDRIVE = """Deal - ID;Deal - Titel;Deal - Wert;Deal - Währung;Deal - Status;Deal - Deal erstellt;\
Deal - Gewonnen um;Deal - Verloren um
1;Áurea;18.076,36;EUR;Gewonnen;28.01.2025 08:15;04.03.2025 17:03;
2;"Brück; Söhne";20.107,43;EUR;Verloren;14.07.2025 08:15;;21.08.2025 17:03
3;Cobalt;11.759,86;EUR;Offen;26.03.2025 08:15;;
"""


@pytest.mark.parametrize(("text", "encoding"), [(SALESFORCE, "latin-1"), (PIPEDRIVE, "cp1252"), (PIPEDRIVE, "utf-16")])
def test_two_tools_in_three_encodings_tell_of_the_same_three_deals(tmp_path, text, encoding):
    found = read(write(tmp_path, "deals.csv", text.encode(encoding)))
    n = found.accounts[0].numbers
    assert [n[key] for key in ("opportunities", "won", "lost", "open")] == [3, 1, 1, 1]
    assert (n["median_won_days"], n["won_value"]) == (35.0, 18076.36)
    assert found.deals["closed"].isna().sum() == 1  # the open one's close date is a hope
    if text is SALESFORCE:
        told = (
            "duplicates_dropped",
            "renewals_set_aside",
            "tests_to_ask_about",
            "closed_before_created",
            "footer_lines",
        )
        assert [n[key] for key in told] == [1, 1, 1, 1, 2]
        assert read(tmp_path / "deals.csv", tests="keep").accounts[0].numbers["open"] == 2


def test_what_each_row_says_does_not_hang_on_the_order_of_rows_or_columns(tmp_path):
    table = pd.read_csv(io.StringIO(PIPEDRIVE), sep=";", dtype=str, keep_default_na=False)
    want = read(write(tmp_path, "a.csv", PIPEDRIVE)).deals.sort_values("id", ignore_index=True)
    for seed in range(3):
        mixed = table.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
        got = read(write(tmp_path, "b.csv", mixed.to_csv(sep="\t", index=False)))
        pd.testing.assert_frame_equal(got.deals.sort_values("id", ignore_index=True), want)


def test_a_spreadsheet_reads_as_the_text_does(tmp_path):
    import openpyxl

    table = pd.read_csv(io.StringIO(PIPEDRIVE), sep=";", dtype=str, keep_default_na=False)
    book = openpyxl.Workbook()
    hidden = book.create_sheet("Lookup")
    hidden.sheet_state = "hidden"
    for n in range(50):
        hidden.append(["a"] * 20 + [n])
    page = book.active
    page.append(["All deals"])
    page.append(list(table))
    for row in table.itertuples(index=False):
        page.append(
            [pd.Timestamp("2025-01-28 08:15").to_pydatetime() if text == "28.01.2025 08:15" else text for text in row]
        )
    book.save(tmp_path / "deals.xlsx")
    want, got = read(write(tmp_path, "a.csv", PIPEDRIVE)), read(tmp_path / "deals.xlsx")
    pd.testing.assert_frame_equal(got.deals, want.deals)


def test_stages_of_any_language_by_what_was_said(tmp_path):
    text = "id,stage,created,closed\n" + "\n".join(
        f"{n},{stage},2025-01-{n + 1:02},2025-02-{n + 1:02}" for n, stage in enumerate(["成約", "失注", "商談"] * 4)
    )
    path = write(tmp_path, "a.csv", text)
    assert {question.answers for question in read(path).questions} >= {"won", "lost"}
    n = read(path, won=("成約",), lost=("失注",)).accounts[0].numbers
    assert [n[key] for key in ("won", "lost", "open")] == [4, 4, 4]


def test_columns_are_known_by_what_stands_in_them(tmp_path):
    rows = [f"{n},{'Closed Won' if n % 2 else 'Closed Lost'},2025-01-{n + 1:02},2025-03-{n + 1:02}" for n in range(8)]
    path = write(tmp_path, "a.csv", "\n".join(["id,vaihe,avattu,suljettu", *rows]))
    found = read(path, kinds={"a.csv": "opportunities"})
    assert {(header, role, how) for header, role, how in found.accounts[0].used} >= {
        ("vaihe", "stage", "content"), ("avattu", "created", "content"), ("suljettu", "closed", "content")}  # fmt: skip
    assert found.accounts[0].numbers["median_won_days"] == 59.0


def test_a_column_can_be_mapped_or_left_out(tmp_path):
    path = write(tmp_path, "a.csv", PIPEDRIVE.replace("Deal - Wert", "Umsatz"))
    assert read(path).deals["amount"].isna().all()
    assert read(path, columns={"Umsatz": "amount"}).deals["amount"].sum() == pytest.approx(49943.65)
    assert read(path, columns={"Deal - Währung": IGNORE}).deals["currency"].eq("").all()
    with pytest.raises(InputError, match='"amuont" is no role; did you mean "amount"'):
        read(path, columns={"Umsatz": "amuont"})


# --- dates and numbers ---

DAYS = st.dates(min_value=pd.Timestamp("1990-01-01").date(), max_value=pd.Timestamp("2060-12-31").date())


@given(
    st.lists(DAYS, min_size=1, max_size=8),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y"]),
)
def test_dates_come_back_in_every_form_once_their_order_is_known(days, form):
    texts = [day.strftime(form) for day in days]
    order, proved = date_order(texts)
    said = {"%d/%m/%Y": "dmy", "%m/%d/%Y": "mdy"}.get(form)
    if said and proved and any(day.day > 12 for day in days):
        assert order == said
    found = read_dates(pd.Series(texts, dtype="str"), said)
    assert not found.wrong.any()
    assert [day.date() for day in found.at] == days


def test_a_day_above_twelve_proves_the_order_and_none_is_asked(tmp_path):
    head, row = "id,stage,created,closed\n", "{0},{1},3/{0}/2025,4/{0}/2025\n"
    rows = [row.format(n, "Won" if n % 2 else "Lost") for n in range(1, 9)]
    path = write(tmp_path, "a.csv", head + "".join(rows))
    (question,) = [each for each in read(path).questions if each.needed]
    assert (question.answers, question.option, question.allowed) == ("dates", "--dates", ("dmy", "mdy"))
    assert read(path, dates="mdy").deals["created"].dt.month.unique().tolist() == [3]
    assert read(path, dates="dmy").deals["created"].dt.day.unique().tolist() == [3]
    proved = write(tmp_path, "b.csv", head + "".join(rows) + "9,Won,3/13/2025,4/13/2025\n")
    assert not [each for each in read(proved, dates="dmy").questions if each.needed]
    assert read(proved, dates="dmy").deals["created"].dt.month.unique().tolist() == [3]  # proof before what was said


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), st.sampled_from([".", ","]))
def test_amounts_come_back_in_both_signs(cents, decimal):
    thousands = "." if decimal == "," else ","
    texts = [f"{value / 100:,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands) for value in cents]
    assert decimal_sign(texts) == (decimal, True)
    found = read_amounts(pd.Series(texts, dtype="str"))
    assert found.value.tolist() == pytest.approx([value / 100 for value in cents])


def test_one_comma_before_three_figures_is_asked_and_before_two_is_no_hundred():
    assert decimal_sign(["1,234"]) == (None, False) and decimal_sign(["1,12"]) == (",", True)
    assert read_amounts(pd.Series(["1,12", "€ 1.250,00", "$ 5"], dtype="str")).value.tolist() == [1.12, 1250, 5]


def test_ids_of_fifteen_and_eighteen_characters_are_one():
    assert keys(pd.Series(["006QX0000000001AAA", "006QX0000000001"])).nunique() == 1
    assert keys(pd.Series(["d41d8cd98f00b204e9800998ecf8427e"]))[0] == "d41d8cd98f00b204e9800998ecf8427e"


def test_currencies_without_a_rate_are_no_money(tmp_path):
    rows = [f"{n},{said}" for n, said in enumerate(("Won,100,EUR", "Won,50,USD", "Lost,5,EUR"))]
    rows = [f"{row},2025-01-20,2025-02-20" for row in rows]
    path = write(tmp_path, "a.csv", "\n".join(["id,stage,amount,currency,created,closed", *rows]))
    without = read(path, rates={}, currency=None)
    assert without.accounts[0].numbers["won_value"] == 100 and without.accounts[0].numbers["won"] == 2
    assert [(each.answers, each.about, each.needed) for each in without.questions[:1]] == [("rates", "USD", False)]
    assert "1 amount in currencies without a rate (USD)" in " ".join(without.told) and "--rate USD" in without.told[-2]
    assert read(path).accounts[0].numbers["won_value"] == 140


# --- faults ---


def test_all_faults_of_all_files_are_told_at_once_with_line_and_column(tmp_path):
    one = write(tmp_path, "a.csv", "id,stage,created,closed,amount\n1,Won,2025-02-30,2025-03-01,5\n"
                "2,Lost,2025-01-30,2025-03-01,many\n3,Won,2025-01-30\n4,Won,2025-01-30,2025-03-01,5\n")  # fmt: skip
    two = write(tmp_path, "b.csv", "side,who," + ",".join(map(str, range(1, 21))) + "\nSales,S1,7" + ",3" * 19 + "\n")
    with pytest.raises(InputError) as caught:
        read_exports([one, two, tmp_path / "c.csv"], Choices())
    told = "\n".join(caught.value.problems)
    assert 'a.csv, line 2, column "created": "2025-02-30" is no date' in told
    assert 'a.csv, line 3, column "amount": "many" is no number' in told
    assert "a.csv, line 4: has 3 cells, the header has 5" in told
    assert 'b.csv, line 2, column "1": "7" is not on the scale 1 to 5' in told
    assert "there is no such file" in told and len(caught.value.problems) == 5
    skipped = read(one)  # with --skip-bad
    assert len(skipped.deals) == 1 and skipped.accounts[0].numbers["bad_rows"] == 3


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"), (b"\n\n", "is empty"), (b"hello", "cannot be told what it is"), (b"1,2\n3,4\n", "cannot be"),
    (b"id,stage,created\n", "has no lines below"), (b"PK\x03\x04rubbish", "damaged spreadsheet"),
    (b"\xd0\xcf\x11\xe0old", "old Excel"), (b"\xff\xfea", "is not utf-16"),
])  # fmt: skip
def test_what_is_no_export_is_told_in_a_sentence(tmp_path, content, said):
    with pytest.raises(InputError, match=said):
        read(write(tmp_path, "a.csv", content))


def test_a_spreadsheet_that_is_a_bomb_is_refused_whatever_it_says_of_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "UNPACKED", 200_000)
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 500_000)
    raw = memory.getvalue()
    for size in (500_000, 10):  # its directory may lie
        lied = raw.replace((500_000).to_bytes(4, "little"), size.to_bytes(4, "little"))
        with pytest.raises(InputError, match="unpacks to more than 200,000 bytes"):
            read(write(tmp_path, "a.xlsx", lied))


def test_rows_beyond_the_most_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    monkeypatch.setattr(sheets, "CHUNK", 4)
    rows = "".join(f"{n},Won,2025-01-20,2025-02-20\n" for n in range(9))
    path = write(tmp_path, "a.csv", "id,stage,created,closed\n" + rows + "9,Lost,2025-01-20,2025-02-20\n")
    assert len(read(path).deals) == 10
    path.write_text(path.read_text() + rows)
    with pytest.raises(InputError, match="more than 10 rows"):
        read(path)


PIECES = st.sampled_from([
    ",", ";", '"', "\n", "\r\n", "\t", "\x00", "=1+1", "2025-02-30", "1,234", "Won", "Lost", "é", "id", "stage",
    "created", "from", "to", "email", "department", "𐏿", "(", "]", " ", "1" * 30, "\ufeff",
])  # fmt: skip


@given(st.lists(PIECES, max_size=30), st.sampled_from(["utf-8", "utf-16", "latin-1"]), st.integers(0, len(SALESFORCE)))
def test_no_file_breaks_the_reader(tmp_path_factory, pieces, encoding, at):
    text = SALESFORCE[:at] + "".join(pieces) + SALESFORCE[at:]
    path = tmp_path_factory.getbasetemp() / "mutated"
    path.write_bytes(text.encode(encoding, "replace"))
    try:
        found = read_exports([path], Choices())
    except InputError as fault:
        assert all(sentence.strip() for sentence in fault.problems)
    else:
        assert all(account.kind for account in found.accounts)


@pytest.mark.parametrize(("text", "kind", "said"), [
    ("Lead ID,Lead Status,Create Date,Converted Date\nL1,Open,2025-01-13,\nL2,Open,2025-01-14,soon\n", None,
     '"Converted Date" would be converted at, but holds no dates (such as "soon"): ignored'),
    ("Opportunity ID,Stage,Amount,Created\n1,Won,much,2025-01-13\n2,Lost,,2025-01-13\n", None,
     '"Amount" would be amount, but holds no numbers (such as "much"): ignored'),
    ("Employee ID,Department,FTE\n1,Sales,half\n2,Marketing,\n", None,
     '"FTE" would be share, but holds no numbers (such as "half"): ignored'),
    ("Lead ID,Lead Status,Create Date\nL1,Open,soon\n", None, 'created, but holds no dates (such as "soon")'),
    ("Lead ID,Lead Status,Create Date\nL1,Open,soon\n", "leads", 'created, but holds no dates (such as "soon")'),
])  # fmt: skip
def test_a_column_that_is_called_like_a_role_and_holds_something_else_is_told(tmp_path, text, kind, said):
    path = write(tmp_path, "a.csv", text)
    try:
        found = read(path, kinds={"a.csv": kind} if kind else {})
    except InputError as fault:
        assert said in fault.problems[0]
    else:
        assert found.accounts[0].told == [said] and found.accounts[0].ignored == [said.split('"')[1]]


NAMES = st.text("abcdefgh", min_size=4, max_size=9)


@given(NAMES, NAMES)
def test_a_column_or_department_that_no_file_has_is_refused(tmp_path_factory, header, department):
    path = tmp_path_factory.getbasetemp() / "named.csv"
    path.write_text("Employee ID,Name,Department\n1,A B,Sales\n2,C D,Marketing\n")
    with pytest.raises(InputError) as caught:
        read(path, columns={header: "name"}, departments={department: "sales"}, kinds={f"{header}.csv": "people"})
    assert [each.partition(";")[0] for each in caught.value.problems] == [
        f'--as: "{header}.csv" is none of the files', f'--map: "{header}" is none of the columns',
        f'--department: "{department}" is none of the departments']  # fmt: skip
    kept = SAID.but(columns={header: "name"}, departments={department: "sales"})  # of an import before, of other files
    assert len(read_exports([path], kept, SAID).people) == 2


def test_what_is_mistyped_is_told_with_the_nearest_name_and_ends_with_code_3(tmp_path, capsys):
    path = write(tmp_path, "a.csv", "Employee ID,Name,Department\n1,A B,Sales\n2,C D,Marketing\n")
    for words, said in (
        (["--map", "Nmae=name"], '--map: "Nmae" is none of the columns; did you mean "Name"?'),
        (["--department", "Sals=marketing"], '--department: "Sals" is none of the departments; did you mean "Sales"?'),
        (["--as", "b.csv=people"], '--as: "b.csv" is none of the files; did you mean "a.csv"?'),
        (["--map", "Name=id", "--map", "Employee ID=id"], 'a.csv: "Employee ID" and "Name" cannot both be id (--map)'),
    ):
        assert code_of(["import", str(path), "--dry-run", *words]) == 3
        assert said in capsys.readouterr().err
    assert code_of(["import", str(path), "--dry-run", "--department", "sales=marketing", "--map", "Name=ignore"]) == 3
    assert "which department is sales?" in capsys.readouterr().err  # both were found, and so it is asked
    assert read(path, columns={"Name": "amount"}).accounts[0].told == [
        '"Name" was said to be amount, which people have not: ignored']  # fmt: skip


# --- people ---

STAFF = """All workers
Effective as of 01/15/2026

ID\tWorker\tSupervisory Organization\tManager\tSalary\tDate of Birth\tFTE\tStatus
1\tQuill, Ada\tMarketing EMEA (Ada Quill)\t\t90000\t1980-01-01\t1\tActive
2\tBo Tarn (On Leave)\tMarketing EMEA (Ada Quill)\tAda Quill\t50000\t1990-01-01\t0.5\tActive
3\tFinn Okar**\tVertrieb\tFinn Okar\t50000\t1990-01-01\t1\tActive
4\tBo Tarn\tFinance\tNobody Known\t50000\t1990-01-01\t1\tActive
5\tGone Person\tVertrieb\tFinn Okar\t50000\t1990-01-01\t1\tTerminated
"""


def test_a_people_list_is_cleaned_and_what_does_not_add_up_is_told(tmp_path):
    found = read(write(tmp_path, "a.txt", STAFF.encode("utf-16")))
    (account,) = found.accounts
    assert [account.numbers[key] for key in ("people", "marketing", "sales", "others")] == [4, 2, 1, 1]
    assert found.people["name"].tolist() == ["ada quill", "bo tarn", "finn okar", "bo tarn"]
    assert account.private == ["Salary", "Date of Birth"] and account.above == 3
    assert (account.numbers["own_boss"], account.numbers["unknown_boss"]) == (["3"], ["Nobody Known"])
    assert account.numbers["namesakes"] == 1 and "1 person who left, left out" in account.told
    with pytest.raises(InputError, match='the column "Salary" is private and is never read'):
        read(tmp_path / "a.txt", columns={"Salary": "hours"})


TELLING = """Nómina;Remuneration;Rémunération;Retribuzione;Lønn;Lön;Palkka;Salaris;Remuneração;Wynagrodzenie;Bonus
Provision;Grade;Gehaltsgruppe;BaseSalary;Jahresgehalt;Verguetung;Alter;Edad;Età;Idade;Leeftijd;Ålder;Wiek;Age;Birthdate
Fødselsdato;Sick days;Krankheitstage;Pregnant;Disability;Ziekteverzuim;Sjukdagar;Maladie;Religion;Konfession
Kirchensteuer;Union member;Gewerkschaft;Syndicat;Afiliación sindical;Nationality;Staatsangehörigkeit;Gender;Płeć
Estado civil;Número de hijos;Remarks;Commentaires;Observaciones;Memo;Bemerkung;Bemerkungen;Anmerkung;Anmerkungen;Notes
HRComments;Uwagi;Opmerkingen;Betreff;Oggetto;Assunto;Descrição;Amount (Salary);mobilephone""".replace("\n", ";").split(
    ";"
)
PLAIN = """Opportunity Age (days);Age of lead;Alter des Leads;Notes count;Number of notes;Notes last contacted
Lead Grade;Message count;Colonna;Verwalter;Usage;Stage;Package;Invalid email;Account health
Fecha de ingreso;Umsatz;Context;Titel;Closed Lost Reason;Associated Company;Worker Type
Number of times contacted;Customer health score""".replace("\n", ";").split(";")


AROUND = ["{}", "{} ", "{} 2025", "Employee {}", "employee_{}", "X [{}]", "{} (EUR)"]


@given(st.sampled_from(TELLING), st.sampled_from(AROUND), st.sampled_from([str, str.lower, str.upper]))
def test_what_tells_of_somebody_is_private_however_it_is_spelt(word, around, case):
    if word == "Grade" and around != "{} " or case is not str and word == "HRComments":
        return  # a lead's grade is none of somebody's; without capitals nobody can tell words apart
    assert is_private(case(around.format(word)))


def test_no_role_and_no_plain_column_is_private():
    names = {name for roles in ROLES.values() for each in roles.values() for name in each}
    assert [name for name in sorted(names) if is_private(name)] == ["alter"]  # beside ego it is no age
    assert [name for name in PLAIN if is_private(name)] == []


def test_what_is_private_is_never_read_whatever_it_is_mapped_to(tmp_path):
    rows = "".join(
        f"{n},Ada {n},{team}" + ",zyzzo" * len(TELLING) + "\n" for n, team in enumerate(("Sales", "Marketing"))
    )
    path = write(tmp_path, "a.csv", "Employee ID,Name,Department," + ",".join(TELLING) + "\n" + rows)
    found = read(path)
    assert found.accounts[0].private == TELLING and found.accounts[0].ignored == []
    assert "zyzzo" not in found.people.to_csv() and "zyzzo" not in str(members(found))
    for role in ROLES["people"]:
        with pytest.raises(InputError) as caught:
            read(path, columns=dict.fromkeys(TELLING[:9], role))
        assert caught.value.problems == [f'a.csv: the column "{each}" is private and is never read'
                                         for each in TELLING[:9]]  # fmt: skip


def test_alter_is_the_other_end_of_a_tie_beside_ego_and_else_an_age(tmp_path):
    ties = read(write(tmp_path, "t.csv", "ego,alter\n1,2\n2,3\n"), write(tmp_path, "p.csv", STAFF.encode("utf-16")))
    assert len(ties.ties) == 2
    for text in ("Name,Abteilung,Alter\nA B,Vertrieb,41\n", "Name,Abteilung,Von,Alter\nA B,Vertrieb,2020,41\n"):
        assert read(write(tmp_path, "a.csv", text)).accounts[0].private == ["Alter"]


PART = {  # what may stand for a part of a full seat, hours of a week or years -> what it is, of one and of a week of 40
    "share": {"0.5": 0.5, "50%": 0.5, "100 %": 1.0, "50": 0.5, "1": 1.0, "1.1": 1.0, "0": 0.0, "": None,
              "half": "", "-1": "", "250": "", "150%": "", "%": "", "5%%x": "", "(0.5)": "", "-5%": ""},
    "hours": {"40": 1.0, "20": 0.5, "0": 0.0, "": None, "lots": "", "-5": "", "400": "", "20%": ""},
    "tenure": {"3": 3.0, "2.5": 2.5, "0": 0.0, "": None, "long": "", "-1": "", "99": ""},
}  # fmt: skip
CALLED = {"share": "FTE", "hours": "Weekly hours", "tenure": "Tenure"}


@given(st.data(), st.sampled_from(list(PART)))
def test_each_share_hours_and_tenure_of_people_is_read_or_a_fault_with_its_place(tmp_path_factory, data, role):
    cells = data.draw(st.lists(st.sampled_from(list(PART[role])), max_size=9))
    cells += ["100" if role == "share" else "40"] * (len(cells) + 1)  # so most of the column are numbers
    cells = data.draw(st.permutations(cells))
    rows = [f"{n},{'Sales' if n % 2 else 'Marketing'},{cell}" for n, cell in enumerate(cells)]
    path = tmp_path_factory.getbasetemp() / "staff.csv"
    path.write_text("\n".join([f"Employee ID,Department,{CALLED[role]}", *rows]))
    want = [PART[role].get(cell, 1.0 if role != "tenure" else 40.0) for cell in cells]
    bad = [n for n, value in enumerate(want) if value == ""]
    found = read(path)
    got = found.people["share" if role == "hours" else role]
    assert len(got) == len(cells)  # the people stay
    assert [None if pd.isna(each) else each for each in got] == [None if each == "" else each for each in want]
    assert found.accounts[0].numbers.get("bad_values", 0) == len(bad)
    if bad:
        left_out = f'{len(bad)} value{"s" if len(bad) > 1 else ""} left out: "{CALLED[role]}" is no '
        assert found.accounts[0].told[0].startswith(left_out)
        with pytest.raises(InputError) as caught:
            read(path, skip_bad=False)
        places = [f'staff.csv, line {n + 2}, column "{CALLED[role]}": "{cells[n]}" is no ' for n in bad]
        assert len(caught.value.problems) == len(places)
        assert all(map(str.startswith, caught.value.problems, places))
        assert all(each.endswith("--skip-bad leaves such values out") for each in caught.value.problems)


def test_no_tie_is_left_out_without_a_word(tmp_path):
    people = write(tmp_path, "p.csv", STAFF.encode("utf-16"))
    rows = ["1,2,3", "1,,3", "2,1,", "2,2,1", "1,3,many", "1,4,1"]
    found = read(write(tmp_path, "t.csv", "\n".join(["From,To,Value", *rows])), people)
    assert len(found.ties) == 2 and found.accounts[0].told == [
        "1 tie without one of the two ends: left out", '1 line left out: "Value" is no number, nor how often',
        "1 tie without a value: left out", "1 tie of somebody with themselves: left out"]  # fmt: skip


def test_a_share_of_two_where_nobody_has_percent_is_a_fault(tmp_path):
    path = write(tmp_path, "a.csv", "Employee ID,Department,FTE\n1,Sales,1\n2,Marketing,2\n")
    with pytest.raises(InputError, match='line 3, column "FTE": "2" is no share of a full seat'):
        read(path, skip_bad=False)


def test_a_department_that_may_be_both_is_asked(tmp_path):
    path = write(tmp_path, "a.csv", "id,department\n1,Sales & Marketing\n2,Sales\n3,IT\n")
    (question,) = read(path).questions
    assert (question.answers, question.about, question.option) == ("departments", "Sales & Marketing", "--department")
    found = read(path, departments={"sales & marketing": "marketing"})
    assert found.questions == [] and found.people["side"].tolist() == ["marketing", "sales", "other"]


def test_a_graph_is_a_people_list_and_ties(tmp_path):
    import networkx

    graph = networkx.DiGraph()
    for who, department in (("a", "Marketing"), ("b", "Sales"), ("c", "Sales")):
        graph.add_node(who, department=department)
    graph.add_edge("a", "b", value=3)
    graph.add_edge("b", "b")
    networkx.write_graphml(graph, tmp_path / "firm.graphml")
    found = read(tmp_path / "firm.graphml")
    assert found.people["side"].tolist() == ["marketing", "sales", "sales"]
    assert found.ties[["one", "other", "value"]].values.tolist() == [[0, 1, 3.0]]


def test_nothing_happens_after_the_day_of_the_export(tmp_path):
    rows = ["Opportunity ID,Stage,Amount,Created Date,Close Date"]
    rows += [f"O{n},Closed Won,{1000 + n},2024-{1 + n % 6:02d}-05,2024-{1 + n % 6:02d}-25" for n in range(24)]
    (tmp_path / "deals.csv").write_text("\n".join(rows), encoding="utf-8")
    assert len(read(tmp_path / "deals.csv", as_of=datetime.date(2024, 6, 25)).deals) == 24
    with pytest.raises(InputError, match=r"4 rows of opportunities tell of later days, up to 2024-06-25.*--skip-bad"):
        read(tmp_path / "deals.csv", as_of=datetime.date(2024, 6, 24), skip_bad=False)
    found = read(tmp_path / "deals.csv", as_of=datetime.date(2024, 6, 24), skip_bad=True)
    assert len(found.deals) == 20 and any("4 rows of opportunities left out" in each for each in found.told)
    with pytest.raises(InputError, match="24 rows"):
        read(tmp_path / "deals.csv", as_of=datetime.date(2020, 1, 1), skip_bad=True)


def test_what_contradicts_itself_or_lies_below_zero_is_told(tmp_path):
    rows = ["Opportunity ID,Stage,Amount,Created Date,Close Date"]
    rows += [f"O{n},Closed {'Won' if n % 2 else 'Lost'},{n},2024-01-05,2024-02-05" for n in range(1, 9)]
    one_more = ["O9,Demo,5,2024-01-05,2024-02-05", "O9,Closed Won,5,2024-01-05,2024-02-05"]
    dear = ["O9,Demo,5,2024-01-05,", "O9,Demo,5.5,2024-01-05,"]
    for more, said in ((dear, "1 of these with another amount"),
                       (one_more, "1 of these with another stage than the first of the same id, which counts"),
                       (["O9,Closed Won,-5,2024-01-05,2024-02-05"], "1 amount below zero")):  # fmt: skip
        (tmp_path / "deals.csv").write_text("\n".join(rows + more), encoding="utf-8")
        assert any(said in each for each in read(tmp_path / "deals.csv").accounts[0].told)
    again = rows[1].replace(",1,", ",1.00,")  # the same amount, written in another way
    (tmp_path / "deals.csv").write_text("\n".join([*rows, rows[1], again]), encoding="utf-8")
    told = " ".join(read(tmp_path / "deals.csv").accounts[0].told)
    assert "listed once more" in told and "another" not in told and "below zero" not in told


def test_a_stage_that_was_said_and_is_none_is_told(tmp_path):
    """A typing error in --won would turn won opportunities into open ones without a word."""
    path = tmp_path / "a.csv"
    path.write_text(
        "Opportunity ID,Stage,Amount,Created Date,Close Date\n"
        "1,Signed,10,2025-01-13,2025-02-14\n2,Dropped,10,2025-01-14,2025-02-15\n3,Demo,10,2025-01-15,\n"
    )
    asked = read_exports([path], Choices(won=("Singed",), lost=("Dropped",))).questions
    assert [each.sentence for each in asked if each.answers == "won"] == [
        'a.csv: no stage is called "Singed"; which means won?'
    ]
    found = read_exports([path], Choices(won=("Signed", "Foo"), lost=("Dropped",)))
    assert (
        "won" not in [each.answers for each in found.questions]
        and 'none is called "Foo" (--won)' in found.accounts[0].told
    )
    assert (found.deals["outcome"] == ["won", "lost", "open"]).all()


@pytest.mark.parametrize(("stages", "told"), [
    (("Closed Won", "Closed Won"), ["no stage means lost: nothing was lost"]),
    (("", ""), ["no stage means won: nothing was won", "no stage means lost: nothing was lost"]),
])  # fmt: skip
def test_where_nothing_can_be_chosen_nothing_is_asked(tmp_path, stages, told):
    rows = "".join(f"{n},{stage},5,EUR,2025-01-1{n},2025-02-1{n}\n" for n, stage in enumerate(stages))
    path = write(tmp_path, "a.csv", "Opportunity ID,Stage,Amount,Currency,Created Date,Close Date\n" + rows)
    found = read(path, customers=3)
    assert found.questions == [] and found.accounts[0].told == told
    assert read(path, lost=("Foo",)).accounts[0].told[-1] == 'no stage is called "Foo" (--lost): nothing was lost'


def test_a_spreadsheets_number_of_a_day_is_called_so(tmp_path):
    path = tmp_path / "a.csv"
    good = "".join(f"{n},Closed Won,10,2025-01-{n}\n" for n in range(13, 29))
    path.write_text(f"Opportunity ID,Stage,Amount,Created Date\n1,Closed Won,5,2025-01-13\n2,Closed Lost,5,45667\n"
                    f"3,Closed Lost,5,x\n{good}")  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_exports([path])
    assert sorted(caught.value.problems) == [
        'a.csv, line 3, column "Created Date": "45667" is a spreadsheet\'s number of a day among dates; give the whole '
        "column the format of a date; --skip-bad leaves such lines out",
        'a.csv, line 4, column "Created Date": "x" is no date (year-month-day); --skip-bad leaves such lines out',
    ]


def test_a_column_of_a_spreadsheets_day_numbers_reads_as_its_dates(tmp_path):
    """What a spreadsheet writes where a cell has no format: the same opportunities come out, and it is said."""
    header = "Opportunity ID,Stage,Amount,Created Date,Close Date\n"
    days = [("2025-01-13", "2025-02-14"), ("2025-01-14", "2025-03-01"), ("2025-02-01", "")]
    zero = datetime.date(1899, 12, 30)
    found = []
    for how in (str, lambda day: day and str((datetime.date.fromisoformat(day) - zero).days)):
        path = tmp_path / "a.csv"
        stages = ("Closed Won", "Closed Lost", "Demo")
        path.write_text(header + "".join(f"{n},{stages[n]},7,{how(a)},{how(b)}\n" for n, (a, b) in enumerate(days)))
        found.append(read_exports([path]))
    pd.testing.assert_frame_equal(found[0].deals, found[1].deals)
    assert '"Created Date" is day numbers (45670 is 2025-01-13)' in found[1].accounts[0].guessed
    assert not any("day numbers" in each for each in found[0].accounts[0].guessed)


@pytest.mark.parametrize(
    ("begins", "what"),
    [(b"<html><body>", "a web page"), (b"\xef\xbb\xbf\n<!DOCTYPE html>", "a web page"), (b"%PDF-1.4", "a PDF"),
     (b"{\\rtf1", "a text with formats")],
)  # fmt: skip
def test_what_is_no_table_though_its_name_says_so_is_called_what_it_is(tmp_path, begins, what):
    path = tmp_path / "report.xls"  # as some programs name the web page that they export
    path.write_bytes(begins + b"<table><tr><td>Stage</td></tr></table>")
    with pytest.raises(InputError, match=f"report.xls: is {what}.*save what is in it as xlsx or CSV"):
        read_exports([path])
