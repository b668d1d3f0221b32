"""Questionnaires that were read already: a version never changes, and a long one takes a while to read."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from core.questionnaires.model import Questionnaire
from core.questionnaires.reading import read_questionnaire

MOST = 64
_shelf: OrderedDict[Hashable, Questionnaire] = OrderedDict()


def shelved(key: Hashable, fetch: Callable[[], Mapping[str, Any]]) -> Questionnaire:
    """The questionnaire in the resource that `fetch` brings; `key` has to change whenever it does."""
    found = _shelf.pop(key, None) or read_questionnaire(fetch())
    _shelf[key] = found
    while len(_shelf) > MOST:
        _shelf.popitem(last=False)
    return found
