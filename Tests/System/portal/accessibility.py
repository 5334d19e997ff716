"""axe-core on a page, and what it cannot see: scrolling sideways, moving things."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, a line each; the page is judged when what moves has come to rest."""
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => {})))")
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> list[str]:
    """Elements that reach beyond the right edge, when the page can be scrolled there."""
    return page.evaluate("""() => {
        const width = document.documentElement.clientWidth
        if (document.documentElement.scrollWidth <= width) return []
        return [...document.querySelectorAll("body *")].filter(node => node.getBoundingClientRect().right > width + 0.5)
            .map(node => `${node.tagName} ${node.id || node.className} ${node.getBoundingClientRect().right}`)
    }""")


__all__ = ["sideways", "violations"]
