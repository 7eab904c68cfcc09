"""The fields of a manifest's row, by the names that people type: what the columns of a table are matched to."""

from enum import StrEnum


class ManifestField(StrEnum):
    """One field of a row. Every value is text; a cell that is empty says nothing."""

    FILE = "file"
    FOREIGN_ID = "foreign_id"
    TITLE = "title"
    CREATOR = "creator"
    LICENSE = "license"
    LICENSE_URL = "license_url"
    ATTRIBUTION = "attribution"
    CONTRIBUTOR = "contributor"
    RIGHTS_HOLDER = "rights_holder"
    CITATION = "citation"
    LANDING_URL = "landing_url"
    CONDITION = "condition"
    MODALITY = "modality"
    BODY_SITE = "body_site"
    SKIN_TONE_SCALE = "skin_tone_scale"
    SKIN_TONE = "skin_tone"
    SKIN_TONE_ASSESSED_BY = "skin_tone_assessed_by"
    AGE = "age"
    SEX = "sex"


IGNORED = "-"  # said of a column instead of a field
