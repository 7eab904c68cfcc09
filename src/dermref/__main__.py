"""`python -m dermref` is the `dermref` command."""

from dermref.cli.main import main

if __name__ == "__main__":
    main()
