import pkgutil

import fastapi_spamshield.dialects
from fastapi_spamshield.models import Submission
from tests.test_layers import DIALECT_PARTS
from tests.vendors import PAGE, VENDORS, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it with `python -m tests.vendors`"


def test_every_vendor_is_on_it() -> None:
    modules = {module.name for module in pkgutil.iter_modules(fastapi_spamshield.dialects.__path__)}
    assert {type(dialect).__module__.rpartition(".")[2] for dialect in VENDORS.values()} == (
        modules - DIALECT_PARTS - {"generic"}
    )


def test_facts_name_fields_that_exist() -> None:
    for dialect in VENDORS.values():
        facts = dialect.facts
        assert set(facts.needs) <= set(facts.sends) <= set(Submission.model_fields)
        assert facts.base_url.startswith("https://")
        assert not facts.base_url.endswith("/")
        assert facts.unknown
