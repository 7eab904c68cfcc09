"""Words about a patient: a label with a value is found in seven languages, prose never."""

import pytest

from dermref.media.metadata import read_metadata
from dermref.media.metadata.patient import find_patient
from metadata_blocks import codes, comment

TOLD = [
    "Patient Name: Jane Example",
    "PatientName=EXAMPLE^JANE",
    '{"patient_name": "Jane Example"}',
    "<PatientID>1234567</PatientID>",
    "Patient: Jane Example",
    "Patient: Mrs. Jane Example",
    "MRN 12345",
    "MRN12345",
    "MRN: A-12345",
    "DOB 12/03/1960",
    "Date of birth: 12 March 1960",
    "PatientBirthDate: 19600312",
    "born on March 12, 1960",
    "NHS No 943 476 5919",
    "Hospital number: X123456",
    "SSN 078-05-1120",
    "lesion of 078-05-1120",
    "EXAMPLE^JANE^A",
    "(0010,0010) PN [anything]",
    "Patientenname: Beispiel, Anna",
    "Geburtsdatum: 12.03.1960",
    "geb. 12.03.1960",
    "geboren am 12. März 1960",
    "SVNR 1234 120360",
    "Nom du patient : Dupont",
    "née le 12/03/1960",
    "ne\u0301e le 12 mars 1960",
    "N° de dossier : 445566",
    "Nombre del paciente: Ana Ejemplo",
    "fecha de nacimiento: 12-03-1960",
    "Historia clínica: 445566",
    "Nome del paziente: Anna Esempio",
    "nato il 12.03.1960",
    "RSSMRA85T10A562S",
    "Nome do paciente: Ana Exemplo",
    "nascida em 12 de março de 1960",
    "CPF 123.456.789-09",
    "Naam patiënt: Anna Voorbeeld",
    "geboortedatum 12-03-1960",
    "BSN 123456782",
]
PROSE = [
    "a patient with psoriasis",
    "Patient with plaque psoriasis, 45 years old",
    "Patient: 45-year-old woman with psoriasis",
    "The patient's name was withheld",
    "patient name: withheld",
    "Patient ID: n/a",
    "Patient name:",
    "The MRN of each patient was removed before 2019",
    "born with a naevus on the left arm",
    "Each patient gave consent; the date of birth was not recorded",
    "Ein Patient mit Psoriasis, geboren in Wien",
    "un patient né à Lyon atteint de psoriasis",
    "paciente con dermatitis atópica desde 2019",
    "inpatient name: none",
    "Figure 3: 12-03-1960, dermoscopy, x10",
    "Lesion of the scalp, 10.03.2016, ISO 100-200",
    "call 555-1234 or 01-23-45-67",
    "e^x and A^B",
    "File written by Adobe Photoshop",
]


@pytest.mark.parametrize("text", TOLD)
def test_text_when_it_holds_a_patients_data_then_found(text: str) -> None:
    assert list(find_patient(text))


@pytest.mark.parametrize("text", PROSE)
def test_text_when_it_is_prose_then_nothing_is_found(text: str) -> None:
    assert list(find_patient(text)) == []


def test_finding_when_about_a_patient_then_quotes_no_value() -> None:
    (found,) = read_metadata([comment("Patient Name: Jane Example")]).findings
    assert found.text == "JPEG comment reads like words about a patient: patient name (12 characters)"


@pytest.mark.parametrize(
    ("keyword", "text"), [("Patient Name", "Jane"), ("PatientID", "x"), ("MRN", "abc"), ("Patient", "J. E.")]
)
def test_keyword_when_it_is_a_patients_then_any_value_is_found(keyword: str, text: str) -> None:
    assert codes(comment(text, name=keyword)) == ["privacy-patient"]


@pytest.mark.parametrize(
    ("keyword", "text"), [("Patient Name", "anonymised"), ("Description", "psoriasis of a patient")]
)
def test_keyword_when_nothing_is_told_then_nothing_is_found(keyword: str, text: str) -> None:
    assert codes(comment(text, name=keyword)) == []


def test_labels_when_one_holds_another_then_told_once() -> None:
    assert list(find_patient("medical record number: 445566")) == ["medical record number (6 characters)"]
