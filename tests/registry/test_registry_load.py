"""A file that is wrong is refused with every fault it has."""

import pytest

from dermref.registry.faults import RegistryFaults, UnknownSource
from dermref.registry.load import load_folder, load_source, load_sources

GOOD = """\
id = "some-atlas"
name = "Some Atlas"
homepage = "atlas.example/"
license = "proprietary-licensed"
license_text = "Free for teaching."
group = "ready"
group_label = "Ready to ingest"
status = "Ready to host"
tier = "hosted"
notes = "Small."
attribution = "{title} by {author}"
seed_line = 1
checked = 2026-11-22

[rights]
license = "LicenseRef-some-atlas"
per_item = false
phrase = "Free for teaching."
basis = "site"

[[rights.terms]]
code = "teaching"
effect = "permit"
actions = ["view"]
phrase = "Free for teaching."
basis = "site"

[[rights.duties]]
code = "attribute"
phrase = "Small."
basis = "curator"
"""

MARK = """\
[watermark]
places = ["top-left"]
widths = [0.1, 0.5]
phrase = "Small."
basis = "curator"

"""

MANIFEST = """\
[manifest]
needs = ["creator"]
phrase = "Small."
basis = "curator"

[manifest.gives]
file = "{foreign_id}.jpg"

"""

BROKEN = [
    ("name =", "nmae =", "nmae", "did you mean “name”?"),
    ("name =", "nmae =", "name", "is missing"),
    ('notes = "Small."', "notes = 3", "notes", "must be a string, not 3"),
    ('notes = "Small."', 'notes = " "', "notes", "is empty"),
    (
        'tier = "hosted"',
        'tier = "public"',
        "tier",
        "not one of hosted, dev-only, external-link-only, institutional-only",
    ),
    ('"view"', '"veiw"', "rights.terms[0].actions", "not one of view, thumbnail"),
    ('["view"]', '"view"', "rights.terms[0].actions", "must be a list"),
    ('["view"]', '["view", 3]', "rights.terms[0].actions", "must list strings"),
    ('["view"]', "[]", "rights.terms[0].actions", "empty list"),
    ('["view"]', '["view"]\nviewers = []', "rights.terms[0].viewers", "empty list"),
    ("[rights]", '[ingest]\nlocal_originals = "/data"\n[rights]', "ingest.local_originals", "names a setting"),
    ("2026-11-22", '"2026-11-22"', "checked", "must be a date"),
    ("2026-11-22", "2026-11-22T10:00:00", "checked", "must be a date"),
    ("seed_line = 1", "seed_line = true", "seed_line", "must be a whole number"),
    ("seed_line = 1\n", "", "seed_line", "every tracked source"),
    ('id = "some-atlas"', 'id = "other-atlas"', "id", "is not the name of its file"),
    ('status = "Ready to host"', 'status = "Off-limits"', "status", "does not stand in the group “ready”"),
    ('tier = "hosted"', 'tier = "dev-only"', "tier", "does not go with the status"),
    ('"Ready to ingest"', '"Ready"', "group_label", "is not the label"),
    ("{author}", "{autor}", "attribution", "“{autor}” is not a known placeholder"),
    ("{author}", "{author", "attribution", "is not a template"),
    ("LicenseRef-some-atlas", "LicenseRef-other", "rights.license", "not this source's own terms"),
    ("LicenseRef-some-atlas", "CC-BY-NC-ND", "rights.license", "neither an SPDX id with a version"),
    ("per_item = false", "per_item = true", "rights.terms[0]", "although per_item is true"),
    ('code = "attribute"', 'code = "link_back"', "rights.duties[0].target", "goes with"),
    ('code = "attribute"', 'code = "delete_on"', "rights.duties[0].event", "goes with"),
    ("[rights]", '[rights.codes]\n"BY" = 3\n[rights]', "rights.codes.BY", "must be a table"),
    ("[[rights.duties]]", "[rights.duties]", "rights.duties", "must be a list"),
    ('code = "attribute"', 'code = "keep_watermark"', "watermark", "goes with the duty"),
    ("[[rights.duties]]", MARK + "[[rights.duties]]", "watermark", "goes with the duty"),
    ("[[rights.duties]]", MARK.replace("top-left", "attic") + "[[rights.duties]]", "watermark.places", "not one of"),
    ("[[rights.duties]]", MARK.replace('"top-left"', "") + "[[rights.duties]]", "watermark.places", "names no place"),
    ("[[rights.duties]]", MARK.replace("0.1", "0.6") + "[[rights.duties]]", "watermark.widths", "the lesser first"),
    ("[rights]", MANIFEST.replace("creator", "maker") + "[rights]", "manifest.needs", "not one of"),
    ("[rights]", MANIFEST.replace("file", "fiel") + "[rights]", "manifest.gives.fiel", "not a known key"),
    ("[rights]", MANIFEST.replace("{foreign_id}", "{id}") + "[rights]", "manifest.gives.file", "known placeholder"),
    ("[rights]", MANIFEST.replace("file =", "license =") + "[rights]", "manifest.gives.license", "each row to state"),
    ("[rights]", MANIFEST.replace("file =", "creator =") + "[rights]", "manifest.gives.creator", "and given"),
    ("[rights]", MANIFEST + 'foreign_id = "{stem}"\n[rights]', "manifest.gives", "the id by the file"),
    ("[rights]", MANIFEST.partition("[manifest.gives")[0].replace("needs", "#") + "[rights]", "manifest", "neither"),
    ("[[rights.duties]]", MARK.replace("0.5", "5") + "[[rights.duties]]", "watermark.widths", "two shares"),
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "some-atlas.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def faults_of(folder, text):
    (folder / "some-atlas.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RegistryFaults) as refused:
        load_folder(folder)
    return refused.value.faults


def test_file_when_good_then_loads(folder):
    [source] = load_folder(folder)
    assert source.terms.terms[0].proof.checked == source.checked


def test_manifest_when_it_needs_and_gives_then_both_are_read(folder):
    (folder / "some-atlas.toml").write_text(GOOD.replace("[rights]", MANIFEST + "[rights]"), encoding="utf-8")
    [source] = load_folder(folder)
    assert source.manifest.needs == ("creator",)
    assert source.manifest.gives == (("file", "{foreign_id}.jpg"),)


@pytest.mark.parametrize(("old", "new", "field", "text"), BROKEN)
def test_file_when_broken_then_the_fault_names_file_field_and_reason(folder, old, new, field, text):
    assert old in GOOD
    faults = faults_of(folder, GOOD.replace(old, new))
    assert any(fault.file == "some-atlas.toml" and fault.field == field and text in fault.text for fault in faults)


def test_file_when_broken_in_many_places_then_all_faults_come_at_once(folder):
    text = GOOD
    changes = [("name =", "nmae ="), ('"view"', '"veiw"'), ("{author}", "{autor}"), ("LicenseRef-some", "LicenseRef-x")]
    for old, new in [*changes, ("2026-11-22", "22"), ('"Ready to ingest"', '"Ready"'), ("Ready to host", "Planned")]:
        text = text.replace(old, new)
    fields = {fault.field for fault in faults_of(folder, text)}
    assert fields == {
        *("nmae", "name", "rights.terms[0].actions", "attribution", "rights.license"),
        *("checked", "group_label", "status"),
    }


def test_folder_when_two_files_are_broken_then_both_are_named(folder):
    (folder / "other.toml").write_text("id = ", encoding="utf-8")
    faults = faults_of(folder, GOOD.replace('tier = "hosted"\n', ""))
    assert [fault.file for fault in faults] == ["other.toml", "some-atlas.toml"]


def test_file_when_not_toml_then_one_fault_says_the_line(folder):
    [fault] = faults_of(folder, GOOD.replace("seed_line = 1", "seed_line 1"))
    assert "not valid TOML" in str(fault)
    assert "line 12" in str(fault)


def test_file_when_not_utf8_then_one_fault(folder):
    (folder / "some-atlas.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(RegistryFaults, match="not valid TOML"):
        load_folder(folder)


@pytest.mark.parametrize(
    ("tier", "group", "label", "status", "text"),
    [
        ("external-link-only", "pending", "Pending permission", "Needs permission", "permits bytes although the tier"),
        ("dev-only", "integrated", "Integrated", "Integrated", "must be exactly developer"),
        ("institutional-only", "personal", "Personal / institutional", "Institutional license", "institution-member"),
    ],
)
def test_permission_when_wider_than_the_tier_then_refused(folder, tier, group, label, status, text):
    changed = GOOD.replace('"hosted"', f'"{tier}"').replace('"ready"', f'"{group}"')
    faults = faults_of(folder, changed.replace("Ready to ingest", label).replace("Ready to host", status))
    assert [text in fault.text for fault in faults] == [True]


def test_load_source_when_unknown_then_the_closest_is_named():
    with pytest.raises(UnknownSource, match="did you mean “dermnet-nz”"):
        load_source("dermnet-zn")


@pytest.mark.parametrize("source_id", ["dermis", "pad-ufes-20"])
def test_load_source_when_known_then_found(source_id):
    assert load_source(source_id).source_id == source_id


def test_load_sources_when_called_again_then_the_same_values():
    assert load_sources() is load_sources()


BAN = """
[[rights.terms]]
code = "no-show"
effect = "prohibit"
actions = ["view", "print"]
{condition}
phrase = "Small."
basis = "curator"
"""


@pytest.mark.parametrize(
    ("permit", "ban", "is_contradiction"),
    [
        ("", "", True),
        ('purposes = ["teaching"]', "", True),
        ('purposes = ["teaching"]', 'purposes = ["teaching", "research"]', True),
        ("", 'purposes = ["commercial"]', False),
        ('purposes = ["teaching"]', 'purposes = ["commercial"]', False),
        ('operators = ["individual"]', 'viewers = ["developer"]', False),
    ],
)
def test_terms_when_one_permits_what_another_forbids_altogether_then_refused(folder, permit, ban, is_contradiction):
    text = GOOD.replace('actions = ["view"]', f'actions = ["view"]\n{permit}')
    (folder / "some-atlas.toml").write_text(
        text.replace("[[rights.duties]]", BAN.format(condition=ban) + "\n[[rights.duties]]"), "utf-8"
    )
    if not is_contradiction:
        load_folder(folder)
        return
    with pytest.raises(RegistryFaults) as caught:
        load_folder(folder)
    [fault] = caught.value.faults
    assert (fault.field, "“no-show” forbids altogether" in fault.text) == ("rights.terms[0]", True)
