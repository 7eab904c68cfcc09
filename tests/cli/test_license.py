"""`dermref license parse`: exit codes, JSON alone on stdout, and standard input."""

import json
import os
import subprocess
import sys

import pytest


def parse(*words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "dermref", "license", "parse", *words]
    return subprocess.run(command, input=given, env=os.environ.copy(), capture_output=True, check=False)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("CC BY-SA 3.0 de",), 0, "CC BY-SA 3.0 DE: Creative Commons Attribution-ShareAlike 3.0 Germany"),
        (("CC BY",), 0, "no version named"),
        (("cc-by-sa-3.0,2.5",), 0, "a choice"),
        (("pd-usgov",), 0, "17 U.S.C. § 105"),
        (("CC SA 1.0",), 0, "no longer offered since 2004-05-25"),
        (("InC",), 0, "permits nothing by itself"),
        (("LicenseRef-dermis",), 0, "The source’s own terms"),
        (("CC-BY-NC-ND-4.0 AND LicenseRef-dermnet-nz",), 0, "all of them hold"),
        (("LicenseRef-nobody",), 1, "Unknown: “LicenseRef-nobody” names no known license."),
        (("No restrictions",), 1, "Unknown"),
        (("",), 1, "Unknown: the license statement is empty."),
    ],
)
def test_parse_when_asked_then_says_it_calmly_and_exits_by_whether_it_is_known(
    words: tuple[str, ...], code: int, said: str
) -> None:
    done = parse(*words)
    assert done.returncode == code, done.stderr
    assert said in done.stdout.decode()
    assert done.stderr == b""


@pytest.mark.parametrize("words", [(), ("CC BY", "4.0"), ("--nope", "x")])
def test_parse_when_asked_wrongly_then_exits_2(words: tuple[str, ...]) -> None:
    assert parse(*words).returncode == 2


def test_parse_when_json_then_stdout_is_the_license_json() -> None:
    done = parse("https://creativecommons.org/licenses/by-sa/3.0/de/deed.en", "--json")
    shown = json.loads(done.stdout)
    assert (done.returncode, shown["id"], shown["jurisdiction"]) == (0, "CC-BY-SA-3.0-DE", "de")


@pytest.mark.parametrize("given", [b"x" * 10_000_000, b"\xff\xfe\0", b""])
def test_parse_when_standard_input_is_no_statement_then_unknown_as_json(given: bytes) -> None:
    done = parse("-", "--json", given=given)
    assert (done.returncode, json.loads(done.stdout)["known"]) == (1, False)


def test_parse_when_standard_input_is_a_statement_then_read_as_an_argument_is() -> None:
    assert parse("-", given="CC BY\N{NO-BREAK SPACE}4.0\n".encode()).stdout == parse("CC BY 4.0").stdout
