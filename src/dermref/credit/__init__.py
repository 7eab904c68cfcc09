"""The credit an image carries: the source's own words, completed by what its license needs. Pure."""
