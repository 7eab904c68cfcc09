"""One walker for each container: total, linear in a file's size, bounded in what it keeps; none decodes a pixel."""
