"""A headless Chromium that is driven as a person would drive it, and watched for what a person would not see."""

import json
import re
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 90

# What a page may not do is told as an event; the listener is there before any script of the page.
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

CONTRAST = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
const ground = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] > 0.99) return colour;
  }
  return [255, 255, 255];
};
const found = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.checkVisibility() || element.disabled || element.closest(':disabled')) continue;
  if (element.closest('.unseen, .skip')) continue;
  const style = getComputedStyle(element);
  const [high, low] = [light(parse(style.color)), light(ground(element))].sort((a, b) => b - a);
  const ratio = (high + 0.05) / (low + 0.05);
  if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
}
return found;
"""


class Browser:
    """One window on the page."""

    def __init__(self, url, downloads, pictures):
        self.url = url
        self.downloads = Path(downloads)
        self.pictures = Path(pictures)
        options = Options()
        for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.messages = []

    def close(self):
        self.driver.quit()

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    # Looking

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def until(self, condition, what, patience=PATIENCE):
        """Waits for a condition, asking for it again and again."""
        end = time.monotonic() + patience
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                self.picture("failed")
                raise AssertionError(f"never happened: {what}; the notice says: {self.text('#notice')!r}")
            time.sleep(0.05)

    def until_text(self, selector, pattern):
        return self.until(lambda: re.search(pattern, self.text(selector)), f"{selector} says {pattern}")

    def requests(self, pattern):
        """The addresses that the page has asked for, as far as they match."""
        found = self.script("return performance.getEntriesByType('resource').map(e => e.name)")
        return [one for one in found if re.search(pattern, one)]

    # Acting

    def click(self, selector):
        element = self.until(
            lambda: next((e for e in self.all(selector) if e.is_displayed() and e.is_enabled()), None),
            f"{selector} can be clicked")
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def click_row(self, action, name):
        self.click(f'button[aria-label="{action} {name}"]')

    def type(self, selector, text):
        element = self.find(selector)
        element.clear()
        element.send_keys(text)

    def key(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, selector, limit=300):
        """Moves the focus with the tabulator alone, and sees that it can be seen."""
        for _ in range(limit):
            self.key(Keys.TAB)
            state = self.script(
                "const e = document.activeElement; const s = getComputedStyle(e);"
                "return [e.matches(arguments[0]), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]",
                selector)
            if state[0]:
                assert state[1], f"the focus on {selector} cannot be seen"
                return
        raise AssertionError(f"{selector} cannot be reached with the tabulator")

    def confirm(self, word):
        self.until(lambda: self.find("#confirm").is_displayed(), "the dialogue opens")
        self.type("#confirm-word", word)

    # The page as such

    def narrow(self, width=375, height=812):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)

    def wide(self):
        self.command("Emulation.clearDeviceMetricsOverride")

    def colours(self, scheme):
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, name, whole=True):
        """Saves what is seen, the whole page unless told otherwise."""
        import base64

        options = {"format": "png"}
        if whole:
            size = self.command("Page.getLayoutMetrics")["cssContentSize"]
            options |= {"captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}}
        data = self.command("Page.captureScreenshot", **options)["data"]
        (self.pictures / f"{name}.png").write_bytes(base64.b64decode(data))

    def check_width(self, width):
        """Nothing makes the page wider than the screen."""
        found = self.script("return document.documentElement.scrollWidth")
        if found > width:
            wide = self.script(
                "return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()"
                " && e.getBoundingClientRect().right > arguments[0] + 1).map(e => e.outerHTML.slice(0, 120)).slice(0, 5)",
                width)
            raise AssertionError(f"the page is {found} px wide on a screen of {width}: {wide}")

    def check_contrast(self, where):
        found = self.script(CONTRAST)
        assert not found, f"too little contrast {where}: {found}"

    def check_names(self):
        """A screen reader has a name for whatever can be used, and no id is there twice."""
        nodes = self.command("Accessibility.getFullAXTree")["nodes"]
        used = {"button", "textbox", "searchbox", "combobox", "link", "progressbar", "img", "table", "dialog", "region"}
        nameless = [
            n["role"]["value"] for n in nodes
            if not n.get("ignored") and n.get("role", {}).get("value") in used and not n.get("name", {}).get("value")]
        assert not nameless, f"without a name: {nameless}"
        twice = self.script(
            "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
            "return ids.filter((id, i) => ids.indexOf(id) !== i)")
        assert not twice, f"ids that are there twice: {twice}"
        broken = self.script(
            "return [...document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]')].flatMap("
            "e => ['aria-labelledby', 'aria-describedby', 'aria-controls'].map(a => e.getAttribute(a)))"
            ".filter(id => id && !document.getElementById(id))")
        assert not broken, f"labels that point nowhere: {broken}"

    def check_watched(self):
        """A breach of the policy would be seen: here is one, and one more."""
        self.script(
            "document.body.append(Object.assign(new Image(), {src: 'https://example.invalid/x.png'}));"
            "document.body.insertAdjacentHTML('beforeend', '<p id=trial style=\"color: red\">x</p>')")
        self.until(lambda: len(self.script("return window.violations")) == 2, "both breaches are seen")
        assert any(entry["level"] == "SEVERE" for entry in self.driver.get_log("browser"))
        self.script("document.querySelector('body > img').remove(); document.getElementById('trial').remove();"
                    "window.violations = []")

    def check_quiet(self, *expected):
        """No error on the console and no breach of the policy, but for the answers that a step asked for."""
        violations = self.script("const v = window.violations; window.violations = []; return v")
        assert not violations, f"breaches of the policy: {violations}"
        for entry in self.driver.get_log("browser"):
            # The shim is not ready while a migration is pending, and says so to whoever asks.
            allowed = expected + (r"/api/health/ready .*503",)
            known = entry["source"] == "network" and any(re.search(one, entry["message"]) for one in allowed)
            assert known or entry["level"] not in ("SEVERE", "WARNING"), json.dumps(entry)
