"""A number with its unit: what is measured, in which currency or of which noun, and per what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    start: int
    end: int
    low: float
    high: float
    bound: str
    dim: str  # money · time · bytes · percent · times · count · number
    unit: str = ""  # the currency, or the noun
    per: tuple[tuple[str, float], ...] = ()  # ('user', 1), ('token', 1e6), ('time', seconds)
    in_words: bool = False
    article: bool = False

    @property
    def per_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.per)

    @property
    def scale(self) -> float:
        product = 1.0
        for _, amount in self.per:
            product *= amount
        return product or 1.0
