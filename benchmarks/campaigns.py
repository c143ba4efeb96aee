"""Spam campaigns as robots write them: one text, with words exchanged each time."""

import random
import re
from typing import Final

_CHOICE = re.compile(r"\{([^{}]*)\}")

TEMPLATES: Final = {
    "kitchens": "{Hello|Hi|Good morning|Dear team}, {I came across|I was looking at|we found} your "
    "{lovely|nice|interesting} page {today|this week|yesterday}. We {fit|build|install} {oak|"
    "walnut|modern|bespoke} kitchens {all over|across|throughout} the {county|region|area} and "
    "{have|keep} {a few|some|several} {free weeks|open dates|free places} {in spring|before summer|"
    "next month}. {Would you like|May we send you|Shall I send} our {brochure|catalogue|price list}"
    "? {Kind regards|Best wishes|Many thanks}, {Oliver|Harriet|Leon|Maria} from {Oakline|Northbank|"
    "Fairfield} Kitchens",
    "tutoring": "{My son|My daughter|My nephew|A friend of mine} {was failing|had trouble|"
    "struggled} in {maths|physics|chemistry} {all year|for months|since autumn}. {Then|In the end|"
    "Luckily} we {found|tried|were told of} the tutors at brightpath {dot|(dot)|[dot]} example and "
    "{within|after} {six|eight|ten} weeks the {marks|grades|results} {went up|doubled|were fine}. "
    "{Anyone|Parents|People} here who {need|look for|want} the same {should|can|ought to} {look "
    "them up|ask there|try them}, {the first lesson costs nothing|the first hour is on them}.",
    "reviews": "{We|Our agency|My team} {can help|helps|assist} {shops|restaurants|hotels} "
    "{like yours|such as yours} to {collect|gather|get} {honest|real|genuine} {reviews|ratings} on "
    "the {maps|search pages} {people use|that matter}. {Last month|Last year|In May} {a bakery|"
    "a garage|a salon} {near you|in your town} {went|rose|climbed} from {12|20|31} to {90|140|200} "
    "of them. {Reply|Write back|Answer} with {yes|a word} and {I will|we will|we'll} {explain|show "
    "you} how it {works|is done}, {no strings attached|without any obligation}.",
    "recovery": "{I lost|Two years ago I lost|My husband lost} {a lot of|nearly all our|most of "
    "our} savings {to|with} {a broker|an app|a trading page} that {stopped answering|disappeared|"
    "closed overnight}. {The bank|The police|Nobody} {could not|did not} help. {A colleague|"
    "Somebody here|A neighbour} {told us about|sent us to} {Mr|Mrs} {Hartwell|Lindqvist} who "
    "{traces|recovers|gets back} such {money|funds|sums}, and {in three weeks|within a month|soon} "
    "{it was|all was|most was} {back|returned}. {Write to|Ask} {him|her} {by mail|directly}, "
    "{hartwell|lindqvist} at {tracefunds|fundtrace} {dot|(dot)} example",
    "seiten": "{Guten Tag|Hallo|Sehr geehrte Damen und Herren}, {beim Lesen|beim Besuch|auf der "
    "Suche} {sind wir auf|bin ich auf} Ihre {schöne|gelungene|informative} Seite gestoßen. {Wir|"
    "Unser Team} {schreiben|verfassen|liefern} {Beiträge|Artikel|Texte} für {Blogs|Seiten|Portale} "
    "wie {Ihres|Ihre|das Ihre}, {kostenlos|ohne Kosten|gratis}, und {bitten nur um|wünschen uns} "
    "{einen kleinen Verweis|eine Erwähnung|einen Hinweis} auf {unseren Kunden|einen Partner}. "
    "{Dürfen wir|Sollen wir|Darf ich} {ein Muster|einen Entwurf|ein Thema} {schicken|senden}? "
    "{Freundliche|Beste|Viele} Grüße, {Jonas|Lena|Petra}",
}
"""What each campaign sends: `{one|another}` is a choice. Chosen to be missed by the engine."""


def texts(campaign: str, count: int, seed: int) -> list[str]:
    """Different texts of a campaign.

    Args:
        campaign: A key of `TEMPLATES`.
        count: How many.
        seed: Of the choices.
    """
    draw = random.Random(f"{campaign} {seed}")
    found: dict[str, None] = {}
    while len(found) < count:
        found[_spun(TEMPLATES[campaign], draw)] = None
    return list(found)


def _spun(template: str, draw: random.Random) -> str:
    return _CHOICE.sub(lambda match: draw.choice(match[1].split("|")), template)
