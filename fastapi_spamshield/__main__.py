"""`python -m fastapi_spamshield`: the command `spamshield`."""

from .cli import main

main()
