"""English, German, Spanish and French: by what the browser asks for, and by a switch."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from portal.browser import PHONE
from portal.venue import Venue
from portal.words import LANGUAGES, PAGE


@pytest.mark.parametrize(("locale", "first", "last"), [
    ("de-DE", "Besuch buchen", "gebucht"), ("en-GB", "Book your visit", "booked"), ("es-ES", None, None), ("fr-FR", None, None)])
def test_the_whole_way_in_the_visitors_language(visitor, venue: Venue, locale: str, first: str | None, last: str | None):
    """Languages: … chosen by Accept-Language; dates by Intl"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor(PHONE, locale=locale).open(venue.path).at("ticket")
    language = locale.split("-")[0]
    assert guest.page.locator("html").get_attribute("lang") == language
    if first:
        expect(guest.page.get_by_role("heading", level=1)).to_have_text(first)
    guest.enter_code(ticket.code)
    guest.at("contact").enter_contact()
    guest.at("time").press(guest.day(slot.date))
    guest.press(guest.slots().first)
    guest.at("confirm").press(guest.button("book"))
    guest.at("done")
    expect(guest.page.get_by_text(guest.long_date(slot.date)).filter(visible=True)).to_be_visible()
    if last:
        expect(guest.page.get_by_role("heading", level=1)).to_contain_text(last)
    # Nothing is left of another language, nor a sentence that is missing.
    text = guest.page.locator("body").inner_text()
    assert not re.search(r"\{\w+\}|undefined|null|NaN", text), text


def test_the_switch_keeps_everything(visitor, venue: Venue):
    """… and a switch: in the middle of it, with nothing to enter again"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().to_confirm(venue.path, ticket.code, slot.date, email="jane@example.com")
    guest.press(guest.page.get_by_role("link", name=re.compile("Deutsch|DE")))
    guest.words = type(guest.words)("de")
    guest.locale = "de"
    expect(guest.at("confirm").page.get_by_text("jane@example.com")).to_be_visible()
    expect(guest.page.get_by_role("link", name=re.compile("Deutsch|DE"))).to_have_attribute("aria-current", "true")
    # It stays German, also by the browser's way back.
    guest.page.go_back()
    expect(guest.at("time").day(slot.date)).to_be_visible()
    guest.page.reload()
    guest.at("time").press(guest.slots().first)
    guest.at("confirm").press(guest.button("book"))
    guest.at("done")
    assert venue.booked(slot) == 1


@pytest.mark.parametrize(("accepted", "language"), [
    ("de-AT,de;q=0.9,en;q=0.5", "de"), ("ja-JP,ja;q=0.9", "en"), ("ja,fr;q=0.8,de;q=0.9", "de"), ("en;q=0.1,es", "es"), ("*", "en"), ("", "en"),
    ("de;q=0,en", "en"), (";;;q=abc,,", "en")])
def test_the_language_that_is_asked_for(portal, accepted: str, language: str):
    """Accept-Language by its weights (RFC 9110, section 12.5.4); English where none of the four is wanted"""
    page = portal.api.client.get("/reserve", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in page.text
    assert "accept-language" in page.headers["vary"].lower()


def test_the_address_outweighs_the_browser(portal):
    page = portal.api.client.get("/reserve?lang=fr", headers={"Accept-Language": "de"})
    assert '<html lang="fr">' in page.text
    page = portal.api.client.get("/reserve?lang=xx", headers={"Accept-Language": "de"})
    assert '<html lang="de">' in page.text


def test_every_language_has_every_sentence():
    """strings in one file a language: the same keys, the same placeholders"""
    sentences = {language: json.loads((PAGE / f"{language}.json").read_text()) for language in LANGUAGES}
    for language in LANGUAGES:
        assert set(sentences[language]) == set(sentences["en"]), language
        for key, sentence in sentences[language].items():
            assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", sentences["en"][key])), (language, key)
            assert sentence.strip(), (language, key)
