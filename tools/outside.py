"""Makes the environment of the programs that read back what we write, with exactly the packages of outside-readers.txt.

Example: python tools/outside.py .venv-outside
"""

import subprocess
import sys
import venv
from pathlib import Path

LOCK = Path(__file__).with_name("outside-readers.txt")
STAMP = ".installed"
UNBUILT = "docopt"  # the one that its author publishes as source alone; everything else comes as it was built


def main(folder: Path) -> int:
    """0 when everything is there."""
    stamp = folder / STAMP
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return 0
    print(f"Preparing {folder} (half a minute the first time) …")
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", str(LOCK)]
    built = ["--only-binary", ":all:", "--no-binary", UNBUILT]
    try:
        subprocess.run([python, "-m", "pip", *install, *built], check=True)
    except subprocess.CalledProcessError:
        print("The outside readers could not be installed; is the package index within reach?", file=sys.stderr)
        return 1
    stamp.write_bytes(LOCK.read_bytes())
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python tools/outside.py .venv-outside")
    sys.exit(main(Path(sys.argv[1])))
