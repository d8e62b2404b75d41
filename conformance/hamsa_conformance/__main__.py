"""`python -m hamsa_conformance` is the command hamsa-conformance."""

from hamsa_conformance.cli.main import main

if __name__ == "__main__":
    main()
