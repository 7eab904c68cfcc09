"""Which adapter serves which source, and which reader wrote which evidence."""

from collections.abc import Mapping
from typing import cast

from dermref.model.harvest import Adapter
from dermref.sources import (
    atlas_dermatologico,
    cdc_phil,
    commons,
    dermnet_legacy,
    dermnet_nz,
    isic,
    jdd_project_atlas,
    libre_pathology,
    manifest,
    nci_visuals,
    peir,
    pmc,
    unm_inclusive_dermatology,
)

ADAPTERS: Mapping[str, Adapter] = {
    module.SOURCE_ID: cast(Adapter, module)  # a module with these functions is an adapter
    for module in (
        isic,
        dermnet_legacy,
        cdc_phil,
        nci_visuals,
        peir,
        commons,
        libre_pathology,
        pmc,
        dermnet_nz,
        jdd_project_atlas,
        atlas_dermatologico,
        unm_inclusive_dermatology,
    )
}
MANIFEST: Adapter = cast(Adapter, manifest)
READERS: Mapping[str, Adapter] = {
    **{one.reader: one for one in (*ADAPTERS.values(), MANIFEST)},
    manifest.FIRST_READER: MANIFEST,
}
