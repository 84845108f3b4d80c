"""``python -m nuanliu``."""

from nuanliu.cli.app import main

main()
