"""Data set writers. They write what a rights-filtered set holds and decide nothing. (Writers come with the export issue.)"""
