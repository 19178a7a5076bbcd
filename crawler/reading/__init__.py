"""How answers read: pure parsers that the spiders share. No network, no store."""
