"""Items from FHIR R4 JSON, one after the other."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from core.questionnaires import extensions as ext
from core.questionnaires.items import CHOSEN, OPERATORS, Condition, Expression, Item, Kind, Option
from core.questionnaires.limit_reading import LimitReader
from core.questionnaires.refusals import MOST_EXPRESSION, MOST_IDENTIFIER, Reason
from core.questionnaires.value_sets import options_in
from core.questionnaires.values import Value, ValueUnreadable, key_of, read_number, read_value

FIELDS = frozenset(
    "linkId definition code prefix text type enableWhen enableBehavior required repeats readOnly maxLength"
    " answerValueSet answerOption initial item extension id".split()
)
OPTION_FIELDS = frozenset("valueCoding valueString valueInteger valueDate valueTime initialSelected".split())
MODELLED = frozenset(
    {
        ext.CONTROL,
        ext.HIDDEN,
        ext.MIN_OCCURS,
        ext.MAX_OCCURS,
        ext.UNIT,
        ext.UNIT_OPTION,
        ext.SIGNATURE,
        ext.MIN_VALUE,
        ext.MAX_VALUE,
        ext.MIN_LENGTH,
        ext.MAX_DECIMALS,
        ext.MIME_TYPE,
        ext.MAX_SIZE,
        ext.ENTRY_FORMAT,
        ext.VARIABLE,
        ext.CALCULATED,
    }
)
# Ours would say the same in fewer words, so theirs is given back while it still says that.
WRITTEN = frozenset({ext.CONTROL, ext.UNIT, ext.UNIT_OPTION, ext.SIGNATURE})
FIT = {  # the types of initial values
    "string": str,
    "text": str,
    "boolean": bool,
    "integer": int,
    "decimal": Decimal,
}


class ItemReader(LimitReader):
    """Reads the items of one resource; `refusals` and `notes` are full when it is done."""

    def read_item(self, raw: Mapping[str, Any]) -> Item:
        """One item with all below it; the tree was judged before."""
        kind = cast("Kind", raw["type"])
        link_id = self.text("", raw, "linkId")[:MOST_IDENTIFIER]
        extensions = ext.extensions_of(raw)
        self.note_unknown(link_id, raw, FIELDS)
        for one in extensions:
            if one["url"] in ext.NOT_DONE:
                self.note(link_id, "not_done", one["url"].rsplit("/", 1)[-1])
        kept = {name: value for name, value in raw.items() if self.is_kept(name, frozenset({"id"}))}
        if left := self.kept_extensions(link_id, extensions, MODELLED):
            kept["extension"] = left
        self.keep_written(kept, extensions, WRITTEN)
        options, value_set = self.options(link_id, kind, raw)
        return Item(
            link_id=link_id,
            kind=kind,
            text=self.text(link_id, raw, "text"),
            prefix=self.text(link_id, raw, "prefix"),
            codes=self.codes(raw, kept),
            definition=self.text(link_id, raw, "definition"),
            options=options,
            value_set=value_set,
            initial=self.initial(link_id, kind, raw, options),
            conditions=self.conditions(link_id, raw),
            any_condition=raw.get("enableBehavior") == "any" and bool(raw.get("enableWhen")),
            calculation=self.calculation(link_id, kind, extensions),
            variables=self.variables(extensions),
            items=tuple(self.read_item(inner) for inner in raw.get("item", [])),
            kept=kept,
            **self.duties(link_id, kind, raw),
            **self.limits(link_id, kind, raw, extensions),
            **self.looks(link_id, extensions),
        )

    def options(self, link_id: str, kind: Kind, raw: Mapping[str, Any]) -> tuple[tuple[Option, ...], str]:
        """The answers offered, and the name of the list if they stand in one."""
        given = raw.get("answerOption", [])
        given = given if isinstance(given, list) else [given]
        named = raw.get("answerValueSet", "")
        if kind not in CHOSEN:
            if given or named:
                self.refuse(link_id, "option_unsupported", str(kind))
            return (), ""
        if given or not named:
            return tuple(one for one in (self.option(link_id, option) for option in given) if one), ""
        if not isinstance(named, str):
            self.refuse(link_id, "malformed", "answerValueSet")
            return (), ""
        found = options_in(named, self.raw)
        if isinstance(found, str):
            self.refuse(link_id, cast("Reason", found), named)
            return (), named
        return found, named

    def option(self, link_id: str, raw: Any) -> Option | None:
        """One answer offered, None when it is refused."""
        if not isinstance(raw, Mapping):
            self.refuse(link_id, "malformed", "answerOption")
            return None
        try:
            value = read_value(
                {name: raw[name] for name in raw if name in OPTION_FIELDS - {"initialSelected"}}
            )
        except ValueUnreadable as error:
            self.refuse(link_id, "option_unsupported", ", ".join(sorted(map(str, raw))) or str(error))
            return None
        extensions = ext.extensions_of(raw)
        inner = raw.get("valueCoding", {})
        of_value = ext.extensions_of(inner)
        score = next(
            (
                s
                for e in (extensions, of_value)
                for url in (ext.ORDINAL, ext.WEIGHT)
                if (s := ext.value_of(e, url)) is not None
            ),
            None,
        )
        prefix = ext.value_of(extensions, ext.OPTION_PREFIX)
        kept: dict[str, Any] = {}
        if left := ext.without(extensions, {ext.ORDINAL, ext.OPTION_PREFIX}):
            kept["extension"] = left
        more = {name: inner[name] for name in inner if name not in {"system", "version", "code", "display"}}
        if more:
            kept["coding"] = more
        return Option(
            value,
            score=read_number(score) if score is not None else None,
            prefix=prefix if isinstance(prefix, str) else "",
            is_initial=raw.get("initialSelected") is True,
            kept=kept,
        )

    def initial(
        self, link_id: str, kind: Kind, raw: Mapping[str, Any], options: tuple[Option, ...]
    ) -> tuple[Value, ...]:
        """What stands in the answer beforehand; what can't is left out with a note."""
        found: list[Value] = []
        given = raw.get("initial", [])
        for one in given if isinstance(given, list) else [given]:
            try:
                value = read_value(one)
            except ValueUnreadable:
                self.note(link_id, "initial_left", "initial")
                continue
            if kind == "decimal" and type(value) is int:
                value = Decimal(value)
            is_offered = kind != "choice" or key_of(value) in {option.key for option in options}
            if not is_offered or (kind in FIT and type(value) is not FIT[kind]):
                self.note(link_id, "initial_left", type(value).__name__)
                continue
            found.append(value)
        return tuple(found)

    def conditions(self, link_id: str, raw: Mapping[str, Any]) -> tuple[Condition, ...]:
        """When it is asked."""
        given = raw.get("enableWhen", [])
        given = given if isinstance(given, list) else [given]
        found = [one for one in (self.condition(link_id, condition) for condition in given) if one]
        behavior = raw.get("enableBehavior")
        if behavior not in ("all", "any") and (len(given) > 1 or behavior is not None):
            self.refuse(link_id, "condition_wrong", "enableBehavior")
        return tuple(found)

    def condition(self, link_id: str, raw: Any) -> Condition | None:
        """One comparison, None when it is refused."""
        if not isinstance(raw, Mapping) or raw.get("operator") not in OPERATORS:
            self.refuse(link_id, "condition_wrong", "operator")
            return None
        question = self.text(link_id, raw, "question")
        try:
            answer = read_value(raw, "answer")
        except ValueUnreadable as error:
            self.refuse(link_id, "condition_wrong", str(error))
            return None
        if raw["operator"] == "exists" and not isinstance(answer, bool):
            self.refuse(link_id, "condition_wrong", "exists")
            return None
        return Condition(question, raw["operator"], answer)

    def variables(self, extensions: ext.Extensions) -> tuple[Expression, ...]:
        """Named pieces of calculations."""
        found = [self.expression(value) for value in ext.values_of(extensions, ext.VARIABLE)]
        return tuple(one for one in found if one is not None and one.name)

    def calculation(self, link_id: str, kind: Kind, extensions: ext.Extensions) -> Expression | None:
        """How the answer is worked out; None if a person gives it."""
        raw = ext.value_of(extensions, ext.CALCULATED)
        if raw is None:
            return None
        found = self.expression(raw)
        if found is None or kind in {"group", "display"}:
            self.refuse(link_id, "malformed", "calculatedExpression")
        return found

    def expression(self, raw: Any) -> Expression | None:
        """A FHIRPath expression, with variables by the names that they have here."""
        if not isinstance(raw, Mapping) or not isinstance(raw.get("expression"), str):
            return None
        text = raw["expression"][: MOST_EXPRESSION + 1]
        for old, new in self.renames.items():
            text = re.sub(rf"%(?:`{re.escape(old)}`|{re.escape(old)}(?![A-Za-z0-9_]))", f"%{new}", text)
        name = raw.get("name", "")
        name = self.renames.get(name, name) if isinstance(name, str) else ""
        kept = {key: raw[key] for key in raw if key not in {"expression", "name"}}
        return Expression(text, name, kept)
