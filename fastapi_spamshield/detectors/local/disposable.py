"""E-mail addresses that nobody keeps."""

from collections.abc import Set as AbstractSet

# Compiled for this project from the names that such services give themselves. Not among them:
# relays that hide an address from trackers and reach its owner for good, such as those of Apple,
# Mozilla and DuckDuckGo, and mail providers that ask for no name.
DISPOSABLE_DOMAINS: frozenset[str] = frozenset(
    [
        *("0-mail.com", "10mail.org", "10minutemail.co.za", "10minutemail.com"),
        *("10minutemail.net", "1secmail.com", "1secmail.net", "1secmail.org", "20minutemail.com"),
        *("33mail.com", "anonbox.net", "armyspy.com", "bccto.me", "bugmenot.com"),
        *("burnermail.io", "byom.de", "cock.email", "crazymailing.com", "cuvox.de", "dayrep.com"),
        *("deadaddress.com", "despammed.com", "discard.email", "discardmail.com"),
        *("discardmail.de", "dispostable.com", "dropmail.me", "einrot.com", "emailfake.com"),
        *("emailondeck.com", "emailsensei.com", "emailtemporanea.net", "emltmp.com"),
        *(
            "fakeinbox.com",
            "fakemailgenerator.com",
            "filzmail.com",
            "fleckens.hu",
            "getairmail.com",
        ),
        *("getnada.com", "grr.la", "guerrillamail.biz", "guerrillamail.com", "guerrillamail.de"),
        *("guerrillamail.info", "guerrillamail.net", "guerrillamail.org", "guerrillamailblock.com"),
        *("gustr.com", "harakirimail.com", "inboxbear.com", "inboxkitten.com", "incognitomail.org"),
        *("jetable.org", "jourrapide.com", "kasmail.com", "kurzepost.de", "luxusmail.org"),
        *("mail-temp.com", "mail-temporaire.fr", "mail7.io", "mailcatch.com", "maildrop.cc"),
        *("maileater.com", "mailexpire.com", "mailforspam.com", "mailinater.com", "mailinator.com"),
        *("mailinator.net", "mailinator2.com", "mailmoat.com", "mailnesia.com", "mailnull.com"),
        *("mailpoof.com", "mailsac.com", "mailtemp.info", "meltmail.com", "mintemail.com"),
        *("moakt.cc", "moakt.com", "moakt.ws", "mohmal.com", "mt2014.com", "mytemp.email"),
        *("mytrashmail.com", "nada.email", "no-spam.ws", "notsharingmy.info", "nowmymail.com"),
        *("owlymail.com", "pokemail.net", "rhyta.com", "sharklasers.com", "smailpro.com"),
        *("sneakemail.com", "sofort-mail.de", "sogetthis.com", "spam4.me", "spamavert.com"),
        *("spambog.com", "spambog.de", "spambox.us", "spamex.com", "spamfree24.org"),
        *("spamgourmet.com", "spamhole.com", "spaml.com", "spammotel.com", "spamspot.com"),
        *("superrito.com", "teleworm.us", "temp-inbox.com", "temp-mail.io", "temp-mail.org"),
        *("tempail.com", "tempemail.co", "tempemail.com", "tempinbox.com", "tempmail.dev"),
        *(
            "tempmail.net",
            "tempmail.plus",
            "tempmailaddress.com",
            "tempmailer.com",
            "tempmailo.com",
        ),
        *("tempomail.fr", "temporarymail.com", "tempr.email", "thankyou2010.com", "throwam.com"),
        *("throwawaymail.com", "tmail.ws", "tmailor.com", "tmpmail.net", "tmpmail.org"),
        *("trash-mail.com", "trash-mail.de", "trashmail.com", "trashmail.de", "trashmail.me"),
        *("trashmail.net", "trashmail.ws", "trbvm.com", "wegwerfemail.de", "wegwerfmail.de"),
        *("wegwerfmail.net", "wegwerfmail.org", "yopmail.com", "yopmail.fr", "yopmail.net"),
        *("zetmail.com", "zippymail.info"),
    ]
)
"""Domains of services that give out addresses for some minutes, or to whoever asks first."""


def is_disposable(address: str, domains: AbstractSet[str]) -> bool:
    """Whether an address, in lower case, is at one of some domains, or below one.

    Args:
        address: An e-mail address.
        domains: In lower case.
    """
    labels = address.rpartition("@")[2].rstrip(".").split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels) - 1))
