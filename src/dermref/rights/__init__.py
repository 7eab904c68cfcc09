"""The rights engine: pure functions from terms, license and question to a decision. No clock, disk or network."""
