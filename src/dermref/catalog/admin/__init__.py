"""What a curator edits by hand in the admin. Which values are allowed is not decided here: the rules are handed in."""
