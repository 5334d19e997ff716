"""The page's sentences, as its files have them: tests look for what a person reads, and do not break when it is put better."""

from __future__ import annotations

import json
import re

from .programs import REPOSITORY

PAGE = REPOSITORY / "Sources" / "ReservationGateway" / "Portal" / "Page"
LANGUAGES = ("en", "de", "es", "fr")


class Words:
    """`words("booked", booked=3, total=10)`: the sentence with its placeholders filled in."""

    def __init__(self, language: str = "en"):
        self.language = language
        self.sentences: dict[str, str] = json.loads((PAGE / f"{language}.json").read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), self.sentences[key])

    def pattern(self, key: str, **values: object) -> re.Pattern[str]:
        """The same where a placeholder that is not given may be anything."""
        parts = re.split(r"\{(\w+)\}", self.sentences[key])
        wanted = [re.escape(str(values[part])) if part in values else ".+" for part in parts[1::2]]
        text = "".join(re.escape(plain) + value for plain, value in zip(parts[::2], [*wanted, ""], strict=True))
        return re.compile(text.replace(r"\ ", r"\s"))


__all__ = ["LANGUAGES", "PAGE", "Words"]
