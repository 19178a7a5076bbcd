"""How a source fares, against its own past, and when that needs a person."""
