"""Whether a page can be used by everybody: axe in both themes and at two widths, and no sideways scroll at 320 px."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
WIDTHS, NARROWEST, HEIGHT = (1440, 390), 320, 900
#: A theme changes colours only: in the second one, what depends on them is looked at again.
_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = """async (only) => {
  const found = await axe.run(document, { iframes: false, resultTypes: ["violations"], ...(only && { runOnly: only }) });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}`));
}"""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """What is wrong with the page in hand, each fault with the theme and width it shows in."""
    page.evaluate(AXE)
    found = [fault for width in WIDTHS for theme in ("light", "dark") for fault in _seen(page, theme, width)]
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    if (pixels := page.evaluate(_SIDEWAYS)) > 0:
        found.append(f"{pixels} px wider than {NARROWEST} px")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    return found


def _seen(page: Page, theme: str, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    return [f"{theme} {width}: {fault}" for fault in page.evaluate(_RUN, _COLOURS if theme == "dark" else None)]
