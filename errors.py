"""The exception tree. Each message is one sentence for a person: what, which one, what to do.

AppError
├─ ConfigError              at start only
├─ StoreError               the database cannot be used as it is
├─ NotFound(kind, key)
├─ NotAllowed(action, why)  a rule of the desk said no
├─ ParseError(source, why)  a payload is not as expected; the crawl goes on
├─ RenderError(what, why)   stops a whole edition before the first mail
├─ DraftError(why)          the model endpoint gave nothing usable
└─ MailError(why, permanent)
"""


class AppError(Exception):
    """Shown to a person as it is."""


class ConfigError(AppError):
    """The configuration cannot be used."""


class StoreError(AppError):
    """The database cannot be used as it is."""


class NotFound(AppError):
    def __init__(self, kind: str, key: object, cure: str = "") -> None:
        super().__init__(f"There is no {kind} {key}{'; ' + cure if cure else ''}.")


class NotAllowed(AppError):
    def __init__(self, action: str, why: str) -> None:
        super().__init__(f"{action}: {why}.")
        self.why = why


class ParseError(AppError):
    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}")


class RenderError(AppError):
    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what} cannot be rendered: {why}.")


class DraftError(AppError):
    """A model gave no usable review."""


class MailError(AppError):
    """A mail could not be handed over; `permanent` means never try this one again."""

    def __init__(self, why: str, *, permanent: bool, code: int = 0, reply: str = "") -> None:
        super().__init__(why)
        self.permanent = permanent
        self.code = code
        self.reply = reply
