"""Standard names of sites and regimens in sentences, in the language of whoever reads them."""

from __future__ import annotations

from sm_tracker.domain.regimens import find_regimen
from sm_tracker.domain.sites import site_in_languages
from sm_tracker.languages import Message


def standard_name(name: str) -> Message | str:
    """A standard name of a site or regimen as a message, another text as it is.

    Examples
    --------
    >>> standard_name("forearm"), standard_name("my own mixture")
    (Message('forearm'), 'my own mixture')
    """
    known = find_regimen(name) is not None or site_in_languages(name) is not None
    return Message(name) if known else name
