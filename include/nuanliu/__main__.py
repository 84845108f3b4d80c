"""``python -m nuanliu``."""

from nuanliu.cli import main

main()
