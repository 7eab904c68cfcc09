"""Types that tests share."""

from collections.abc import Callable

from dermref.services.report import Report

Run = Callable[..., Report]
