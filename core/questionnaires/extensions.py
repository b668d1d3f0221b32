"""The extensions of FHIR and of Structured Data Capture that change what is asked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OF_ITEM = CORE + "questionnaire-"

CONTROL = OF_ITEM + "itemControl"
CONTROL_SYSTEM = "http://hl7.org/fhir/questionnaire-item-control"
HIDDEN = OF_ITEM + "hidden"
MIN_OCCURS = OF_ITEM + "minOccurs"
MAX_OCCURS = OF_ITEM + "maxOccurs"
UNIT = OF_ITEM + "unit"
UNIT_OPTION = OF_ITEM + "unitOption"
SIGNATURE = OF_ITEM + "signatureRequired"
OPTION_PREFIX = OF_ITEM + "optionPrefix"
MIN_VALUE = CORE + "minValue"
MAX_VALUE = CORE + "maxValue"
MIN_LENGTH = CORE + "minLength"
MAX_DECIMALS = CORE + "maxDecimalPlaces"
MIME_TYPE = CORE + "mimeType"
MAX_SIZE = CORE + "maxSize"
ENTRY_FORMAT = CORE + "entryFormat"
ORDINAL = CORE + "ordinalValue"
WEIGHT = CORE + "itemWeight"
VARIABLE = CORE + "variable"
CALCULATED = SDC + "calculatedExpression"
XHTML = CORE + "rendering-xhtml"
SIGNED = CORE + "questionnaireresponse-signature"

# They decide what is asked or taken in a way that can't be left out.
REFUSED = frozenset({SDC + "enableWhenExpression", SDC + "answerExpression", OF_ITEM + "unitValueSet"})
# They are kept and given back, but what they say is not done; the import says so.
NOT_DONE = frozenset(
    {
        CORE + "regex",
        OF_ITEM + "constraint",
        CORE + "targetConstraint",
        SDC + "initialExpression",
        SDC + "candidateExpression",
        OF_ITEM + "optionExclusive",
        OF_ITEM + "sliderStepValue",
        OF_ITEM + "fhirType",
        OF_ITEM + "baseType",
    }
)

# The kind of signature that we ask for.
CONSENT: dict[str, Any] = {
    "coding": [
        {
            "system": "urn:iso-astm:E1762-95:2013",
            "code": "1.2.840.10065.1.12.1.7",
            "display": "Consent Signature",
        }
    ]
}

Extensions = list[Mapping[str, Any]]


def extensions_of(raw: Any) -> Extensions:
    """The extensions of an element; what is none is left out."""
    found = raw.get("extension") if isinstance(raw, Mapping) else None
    return [one for one in found if is_extension(one)] if isinstance(found, list) else []


def is_extension(raw: Any) -> bool:
    """Whether it has an address, as every extension must."""
    return isinstance(raw, Mapping) and isinstance(raw.get("url"), str) and bool(raw["url"])


def value_of(extensions: Extensions, url: str) -> Any:
    """The value of the first extension with this address, whatever its type."""
    return next(values_of(extensions, url), None)


def values_of(extensions: Extensions, url: str) -> Iterator[Any]:
    """The values of all extensions with this address."""
    for one in extensions:
        if one["url"] == url:
            yield next((one[name] for name in one if name.startswith("value")), None)


def without(extensions: Extensions, urls: Iterable[str]) -> list[dict[str, Any]]:
    """The others, as they came."""
    left = frozenset(urls)
    return [dict(one) for one in extensions if one["url"] not in left]


def extension(url: str, name: str, value: Any) -> dict[str, Any]:
    """One extension to write; `name` is that of its type, such as valueInteger."""
    return {"url": url, name: value}


def control(code: str) -> dict[str, Any]:
    """An item control as we write it."""
    return {"coding": [{"system": CONTROL_SYSTEM, "code": code}]}
