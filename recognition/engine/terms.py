"""What holds for the items of one bank, beside what the engine knows of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recognition.engine.layouts.layout import DateOrder, Layout, layout_as_data, layout_from
from recognition.engine.micr.grammar import Country


@dataclass(frozen=True, slots=True)
class CountryTerms:
    """What holds for one country's items; ``None``: as the engine has it."""

    valid_months: int | None = None
    date_order: DateOrder | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The layouts known beside the engine's own, and what holds for each country's items."""

    layouts: tuple[Layout, ...] = ()
    countries: Mapping[Country, CountryTerms] = field(default_factory=dict)

    def of(self, country: Country) -> CountryTerms:
        """Return what holds for a country's items."""
        return self.countries.get(country, CountryTerms())


def terms_from(data: Mapping[str, Any]) -> Terms:
    """Return the terms that plain data describe.

    Raises:
        LayoutError: one of the layouts says something that no layout can.
    """
    return Terms(
        tuple(layout_from(one) for one in data.get("layouts", ())),
        {
            Country(country): CountryTerms(
                one["valid_months"], DateOrder(one["date_order"]) if one["date_order"] else None
            )
            for country, one in data.get("countries", {}).items()
        },
    )


def terms_as_data(terms: Terms) -> dict[str, Any]:
    """Return the plain data of terms, of which ``terms_from`` makes them again.

    >>> terms_as_data(Terms(countries={Country.INDIA: CountryTerms(valid_months=6)}))
    {'layouts': [], 'countries': {'IN': {'valid_months': 6, 'date_order': None}}}
    """
    return {
        "layouts": [layout_as_data(layout) for layout in terms.layouts],
        "countries": {
            country.value: {
                "valid_months": one.valid_months,
                "date_order": one.date_order.value if one.date_order else None,
            }
            for country, one in terms.countries.items()
        },
    }
