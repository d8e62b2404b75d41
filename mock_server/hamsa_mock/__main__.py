"""`python -m hamsa_mock`."""

from hamsa_mock.cli.main import main

main()
