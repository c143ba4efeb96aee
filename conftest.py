"""Lets pytest run the Python blocks of README.md and docs/, and Hypothesis take its time."""

from hypothesis import HealthCheck, settings

from tests.pages import PAGES

pytest_collect_file = PAGES.pytest()

# No test depends on how fast the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
