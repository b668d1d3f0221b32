"""A storm's row is missed where a server gives everybody the same excuse."""

from __future__ import annotations

import pytest

from tests.storms.timing import Asked, judged


@pytest.mark.parametrize(("status", "is_met"), [(422, True), (429, False), (503, False)])
def test_the_same_for_all_counts_only_where_it_is_an_answer(status: int, *, is_met: bool) -> None:
    asked = Asked([0.1] * 3, [0.05] * 3, {(status, 900, "the same page")})
    assert judged("sqlite: /login", asked, asked).is_met == is_met
    other = Asked([0.1] * 3, [0.05] * 3, {(status, 901, "another page")})
    assert not judged("sqlite: /login", asked, other).is_met
