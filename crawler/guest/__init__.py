"""How we behave at other people's: polite, bounded, and deaf to every address but public ones."""
