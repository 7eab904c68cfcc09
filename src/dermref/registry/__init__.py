"""The tracked sources as data: one TOML file each, a loader that gathers every fault, and a checker that lists every
finding. It says what a source printed and what its terms are, never whether a given use is allowed."""
