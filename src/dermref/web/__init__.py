"""The HTML site. It draws what services answer and decides nothing."""
