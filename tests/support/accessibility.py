"""What a program can tell of a page's accessibility: axe-core's rules, and what is measured beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

REQUIRED = frozenset({"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"})
# The size of targets is a rule of WCAG 2.2 that axe leaves off unless it is asked for.
OPTIONS = {
    "runOnly": {"type": "tag", "values": [*sorted(REQUIRED), "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}

# The outline may be drawn on what stands for the control: the face of a segment, the label around a box.
MEASURED = """() => {
    const problems = [];
    const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const where = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`scrolls sideways: ${scrollWidth} of ${clientWidth} pixels`);
    const modal = document.querySelector("dialog:modal");
    let level = modal ? 1 : 0;
    for (const heading of (modal ?? document).querySelectorAll("h1, h2, h3, h4, h5, h6")) {
        if (!seen(heading)) continue;
        const own = Number(heading.localName[1]);
        if (own > level + 1) problems.push(`a heading of level ${own} after one of level ${level}: ${where(heading)}`);
        level = own;
    }
    for (const [selector, wanted] of [["h1", 1], ["main", 1], ["header:not(main header, article header, dialog header)", 1]]) {
        const count = [...document.querySelectorAll(selector)].filter(seen).length;
        if (count !== wanted) problems.push(`${count} of ${selector}`);
    }
    const tabbable = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex='0']";
    const before = document.activeElement;
    const plain = (element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return outlined ? `${style.outlineStyle} ${style.outlineWidth}` : "";
    };
    for (const element of (modal ?? document).querySelectorAll(tabbable)) {
        if (!seen(element) && !element.matches("input[type=radio], input[type=checkbox]")) continue;
        if (element.tabIndex < 0 || element.closest("[inert], [hidden]") || element.disabled || element.getClientRects().length === 0) continue;
        element.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement !== element) continue;
        // The text of an article shows its focus as any text does: by a cursor.
        if (element.id === "text" && document.querySelector(".text-cursor")?.checkVisibility()) continue;
        const faces = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
        if (!faces.some(plain)) problems.push(`no focus to be seen: ${where(element)}`);
    }
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return problems;
}"""


@dataclass
class Findings:
    """What is wrong with one screen: `broken` must be mended, `advice` is axe's best practice."""

    broken: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


def findings(page: Page) -> Findings:
    """Everything that is found on the page as it is now."""
    found = Findings()
    for each in _axe(page)["violations"]:
        place = found.broken if REQUIRED & set(each["tags"]) else found.advice
        place += [
            f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']}" for node in each["nodes"]
        ]
    found.broken += page.evaluate(MEASURED)
    return found


def _axe(page: Page) -> Any:
    """What axe says; half a megabyte of script is given to a page once, however often it is looked at."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate("(options) => axe.run(options)", OPTIONS)


def violations(page: Page) -> list[str]:
    """What must be mended."""
    return findings(page).broken


@dataclass(frozen=True)
class Node:
    """A node of the accessibility tree as a screen reader gets it."""

    role: str
    name: str
    properties: dict[str, Any]


def tree(page: Page) -> list[Node]:
    """The whole tree, in order, without what is hidden from screen readers."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    return [
        Node(
            str(node["role"]["value"]),
            str(node.get("name", {}).get("value", "")),
            {each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        )
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]
