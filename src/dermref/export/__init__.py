"""Data set writers: they write what a rights-filtered set holds and decide nothing. None is written yet."""
