#!/usr/bin/python3
"""Drives the page for administrators as a person would, against a stack of its own; see scripts/test-browser.

usage: admin.py REPORT WORKFOLDER

REPORT is the file with what `sysndd-ctl dev up --format json` printed. WORKFOLDER gets the downloads and the pictures;
its folder `migrations` is the stack's.
"""

import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from browser import Browser
from selenium.webdriver.common.keys import Keys
from wire import Wire

ROWS = 1_200_000
MANUAL = r"manual_[\d_-]+\.sql\.gz"


class Stack:
    """The stack behind the page."""

    def __init__(self, report, work):
        self.report = json.loads(Path(report).read_text())
        self.wire = Wire(urlsplit(self.report["url"]).port)
        self.url = f"http://127.0.0.1:{self.wire.port}"
        self.user = self.report["administrator"]
        self.password = Path(self.report["administrator_password_file"]).read_text().strip()
        self.backups = Path(self.report["folder"]) / "backups"
        self.migrations = Path(work) / "migrations"

    def sql(self, statement):
        command = ["mariadb", f"--defaults-file={self.report['client_file']}", "--batch", "--skip-column-names", "-e", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def mails(self):
        with urllib.request.urlopen(self.report["mail_url"] + "/api/v1/messages") as answer:
            return json.load(answer)["messages"]


class Tour:
    """The steps, in the order in which a person takes them."""

    def __init__(self, stack, browser):
        self.stack = stack
        self.page = browser

    def run(self):
        for step in (
            self.sign_in, self.back_up, self.follow, self.download, self.verify, self.filter, self.restore, self.undo, self.migrate,
            self.mail, self.preflight, self.delete, self.refused, self.keyboard, self.looks, self.sign_out,
        ):
            began = time.monotonic()
            step()
            self.page.check_quiet()
            print(f"{step.__name__.replace('_', ' ')}: {time.monotonic() - began:.1f} s", flush=True)

    def names(self):
        return re.findall(r"\S+\.sql(?:\.gz)?", self.page.text("#backups tbody"))

    def sign_in(self):
        page = self.page
        page.driver.get(self.stack.url + "/admin")
        page.until(lambda: page.find("#sign-in").is_displayed(), "the form is shown")
        page.check_names()
        page.check_quiet()
        page.check_watched()
        page.picture("sign-in", whole=False)
        page.type('[name="user_name"]', self.stack.user)
        page.type('[name="password"]', "wrong-password")
        page.key(Keys.ENTER)
        page.until_text("#notice", r"\w")
        page.check_quiet(r"/api/auth/authenticate .*401")
        assert not page.find("#work").is_displayed()
        page.type('[name="password"]', self.stack.password)
        page.click("#sign-in-form button")
        page.until(lambda: page.find("#work").is_displayed(), "the page opens")
        page.until_text("#who", f"{self.stack.user}, Administrator")
        page.until_text("#backups tbody", "There is no backup yet")
        page.until_text("#health-pill", "ready")
        page.until_text("#mail-pill", "^works$")
        stored = page.script("return [localStorage.length, sessionStorage.length, document.cookie]")
        assert stored == [0, 0, ""], f"the token is kept: {stored}"

    def back_up(self):
        """The database is large enough that the progress can be watched."""
        page = self.page
        self.stack.sql(
            "CREATE TABLE large (i INT PRIMARY KEY, filler VARCHAR(200)) "
            f"SELECT seq AS i, REPEAT(MD5(seq), 5) AS filler FROM seq_1_to_{ROWS}")
        page.click("#backup-now")
        seen = []

        def is_over():
            seen.append(page.script(
                "const b = document.getElementById('job-bar');"
                "return [!document.getElementById('job').hidden, b.max, b.value, document.getElementById('job-text').innerText,"
                " document.getElementById('backup-now').disabled]"))
            if len(seen) == 30:
                page.picture("running")
            return "Backup completed" in page.text("#notice")

        page.until(is_over, "the backup is completed")
        running = [one for one in seen if one[0]]
        assert any(1 < one[1] and 0 < one[2] < one[1] for one in running), f"no progress was seen: {seen}"
        assert any(re.search(r"of about [\d,.]+ rows", one[3]) for one in running), f"no rows were told: {running}"
        assert any(one[4] for one in running), "a second backup could be asked for"
        page.until(lambda: self.names(), "the backup is listed")
        (self.backup,) = self.names()
        assert re.fullmatch(MANUAL, self.backup)
        assert (self.stack.backups / self.backup).is_file()
        page.until_text("#history tbody", r"Backup\s+completed")

    def watch_verification(self, path):
        """Asks for a verification, and waits until the page was told of it by that path."""
        page = self.page
        page.script("performance.clearResourceTimings(); document.getElementById('notice').textContent = ''")
        page.click_row("Verify", self.backup)
        page.until(lambda: page.requests(path), f"the page asks {path}")

    def follow(self):
        """A job is followed by its stream; where that cannot be had, or breaks, the page asks, and tries again."""
        page = self.page
        self.watch_verification("/events$")
        page.until_text("#notice", "Verification completed")
        assert not page.requests("/status$"), "the page asked although the stream was there"

        page.command("Network.enable")
        page.command("Network.setBlockedURLs", urls=["*/events"])
        self.watch_verification("/status$")
        page.until_text("#notice", "Verification completed")
        page.command("Network.setBlockedURLs", urls=[])
        page.check_quiet(r"/events .*ERR_BLOCKED_BY_CLIENT")
        page.command("Network.disable")

        # Cut off in the middle: the job goes on, and the page is told of its end once it reaches the shim again.
        # That the stream was asked for is only known when it has ended, so its first words are waited for.
        page.script(
            "performance.clearResourceTimings();"
            "for (const id of ['job-step', 'notice']) document.getElementById(id).textContent = ''")
        page.click_row("Verify", self.backup)
        page.until_text("#job-step", r"\w")
        self.stack.wire.cut()
        page.until_text("#health-pill", "no answer")
        assert "completed" not in page.text("#notice"), "the job was over before the wire was cut"
        self.stack.wire.mend()
        page.until_text("#notice", "Verification completed")
        assert page.requests("/status$"), "the page did not ask after the stream had broken"
        page.check_quiet("ERR_(EMPTY_RESPONSE|SOCKET_|CONNECTION_|INCOMPLETE_)")

    def download(self):
        page = self.page
        page.click_row("Download", self.backup)
        target = page.downloads / self.backup
        page.until(lambda: target.is_file() and not list(page.downloads.glob("*.crdownload")), "the file is saved")
        assert target.read_bytes() == (self.stack.backups / self.backup).read_bytes(), "the bytes are others"

    def verify(self):
        page = self.page
        page.click_row("Verify", self.backup)
        page.until_text("#notice", f"Verification completed in .*{self.backup} is whole")
        page.until_text("#backups tbody", "verified")

    def filter(self):
        page = self.page
        # A dump of another tool, and one that was cut off.
        (self.stack.backups / "old dump.sql").write_text("-- MySQL dump 10.13\nSELECT 1;\n-- Dump completed on 2026-01-01\n")
        for number in range(25):
            (self.stack.backups / f"part_{number:02}.sql").write_text("-- MySQL dump 10.13\nSELECT 1;\n")
        page.click_row("Verify", self.backup)
        page.until_text("#page-text", "Page 1 of 2")
        page.until(lambda: not page.find("#job").is_displayed(), "the verification ends")
        page.click("#page-next")
        page.until_text("#page-text", "Page 2 of 2")
        page.type("#backup-filter [name=text]", "manual")
        page.until(lambda: self.names() == [self.backup], "the filter finds one")
        page.type("#backup-filter [name=text]", "nothing like it")
        page.until_text("#backups tbody", "No backup matches")
        page.script(
            "const f = document.getElementById('backup-filter'); f.reset(); f.elements.sort.value = 'largest';"
            "f.dispatchEvent(new Event('input'))")
        assert self.names()[0] == self.backup
        page.until_text("#backups tbody", "incomplete")
        page.script("const f = document.getElementById('backup-filter'); f.reset(); f.dispatchEvent(new Event('input'))")
        for file in self.stack.backups.glob("*.sql"):
            file.unlink()

    def restore(self):
        page = self.page
        self.stack.sql("DELETE FROM large WHERE i > 10; CREATE TABLE made_since (i INT)")
        page.click_row("Restore", self.backup)
        page.confirm("restore")
        assert not page.find("#confirm-yes").is_enabled(), "a wrong word is taken"
        words = page.text("#confirm")
        for word in (self.backup, "sysndd_db", "RESTORE", "safety backup"):
            assert word in words, f"the dialogue does not say {word}: {words}"
        page.picture("restore-dialogue", whole=False)
        page.key(Keys.ENTER)
        assert page.find("#confirm").is_displayed() and self.stack.sql("SELECT COUNT(*) FROM large") == "10"
        page.key(Keys.ESCAPE)
        page.until(lambda: not page.find("#confirm").is_displayed(), "the dialogue closes")
        assert self.stack.sql("SELECT COUNT(*) FROM large") == "10"
        page.click_row("Restore", self.backup)
        page.confirm("RESTORE")
        page.click("#confirm-yes")
        page.until_text("#notice", "Restore completed in .*pre-restore_")
        assert self.stack.sql("SELECT COUNT(*) FROM large") == str(ROWS)
        page.until_text("#kept-text", f"restored from {self.backup}")
        page.until_text("#history tbody", r"Restore\s+completed")

    def undo(self):
        page = self.page
        page.click("#undo")
        page.confirm("UNDO")
        page.click("#confirm-yes")
        page.until_text("#notice", "Undo of a restore completed")
        assert self.stack.sql("SELECT COUNT(*) FROM large") == "10"
        page.until(lambda: not page.find("#kept").is_displayed(), "nothing is left to undo")

    def migrate(self):
        page = self.page
        (self.stack.migrations / "900_browser.sql").write_text(
            "-- sysndd: verify SELECT COUNT(*) = 1 FROM browser_test\n"
            "CREATE TABLE browser_test (i INT PRIMARY KEY);\nINSERT INTO browser_test VALUES (1);\n")
        page.until_text("#health-pill", "migrations are pending")
        page.until(lambda: page.find("#apply").is_displayed(), "the page offers to apply")
        page.click("#show-plan")
        page.until_text("#plan", r"900_browser\.sql, 2 statements")
        page.until_text("#plan", "CREATE TABLE browser_test")
        page.picture("plan")
        page.click("#apply")
        page.confirm("migrate")
        assert not page.find("#confirm-yes").is_enabled(), "a wrong word is taken"
        assert "900_browser.sql" in page.text("#confirm")
        page.type("#confirm-word", "MIGRATE")
        page.click("#confirm-yes")
        page.until_text("#notice", "Migration completed in .*1 file applied")
        assert self.stack.sql("SELECT COUNT(*) FROM browser_test") == "1"
        page.until_text("#health-pill", "^ready$")
        page.until(lambda: not page.find("#apply").is_displayed(), "nothing is pending")
        page.until_text("#migration-findings", "Post-conditions")

    def mail(self):
        page = self.page
        page.click("#mail-test")
        page.until_text("#mail-text", "works.*nothing was sent")
        assert self.stack.mails() == []
        page.type("#mail-form [name=to]", "ada@example.org")
        page.click("#mail-form button")
        page.until_text("#mail-text", "The message to ada@example.org was handed over")
        (mail,) = self.stack.mails()
        assert [one["Address"] for one in mail["To"]] == ["ada@example.org"]
        page.until_text("#mail tbody", "data")

    def preflight(self):
        page = self.page
        page.click("#preflight-run")
        page.until_text("#preflight-text", r"\d+ checks, \d+ to be looked at")
        page.click("#preflight-rest > summary")
        page.until_text("#preflight-good", r"DB-030[\s\S]*of max_connections")
        page.click("#preflight-rest > summary")

    def delete(self):
        page = self.page
        page.click_row("Delete", self.backup)
        page.confirm("delete")
        assert not page.find("#confirm-yes").is_enabled(), "a wrong word is taken"
        page.type("#confirm-word", "DELETE")
        page.click("#confirm-yes")
        page.until_text("#notice", f"{self.backup} was deleted")
        assert not (self.stack.backups / self.backup).exists()
        page.until(lambda: self.backup not in self.names(), "the row is gone")
        page.click("#audit-box > summary")
        page.until_text("#audit tbody", r"DELETE /api/backup/delete/\{file\} " + self.backup)

    def refused(self):
        """What is refused is told in the words of the shim."""
        page = self.page
        (safety,) = self.names()
        (self.stack.backups / safety).rename(self.stack.backups / ("moved-" + safety))
        page.click_row("Verify", safety)
        page.until_text("#notice", "there is no backup of that name")
        page.check_quiet(r"/api/backup/verify/.*404")
        (self.stack.backups / ("moved-" + safety)).rename(self.stack.backups / safety)
        self.safety = safety

    def keyboard(self):
        """Everything again, without a mouse."""
        page = self.page
        self.sign_out()
        page.driver.get(self.stack.url + "/admin")
        page.until(lambda: page.find("#sign-in").is_displayed(), "the form is shown")
        page.until(lambda: page.script("return document.activeElement.name") == "user_name", "the first field has the focus")
        page.key(self.stack.user, Keys.TAB, self.stack.password, Keys.ENTER)
        page.until(lambda: page.find("#work").is_displayed(), "the page opens")
        page.until(lambda: self.names(), "the backups are listed")
        page.tab_to("#backup-now")
        page.key(Keys.ENTER)
        page.until_text("#notice", "Backup completed")
        page.until(lambda: len(self.names()) == 2, "the backup is listed")
        name = next(one for one in self.names() if one != self.safety)
        page.script("document.getElementById('main').focus()")
        page.tab_to(f'button[aria-label="Delete {name}"]')
        page.key(Keys.SPACE)
        page.until(lambda: page.find("#confirm").is_displayed(), "the dialogue opens")
        assert page.script("return document.activeElement.id") == "confirm-word"
        # The focus stays in the dialogue.
        for _ in range(6):
            page.key(Keys.TAB)
            assert page.script("return document.activeElement.closest('dialog, body').tagName") in ("DIALOG", "BODY")
        page.key(Keys.ESCAPE)
        page.until(lambda: not page.find("#confirm").is_displayed(), "Escape closes it")
        assert page.script("return document.activeElement.getAttribute('aria-label')") == f"Delete {name}"
        page.key(Keys.SPACE)
        page.until(lambda: page.find("#confirm").is_displayed(), "the dialogue opens")
        page.key("DELETE", Keys.ENTER)
        page.until_text("#notice", f"{name} was deleted")
        for target in ("#show-plan", "#mail-test", "#preflight-run", "#audit-box > summary"):
            page.tab_to(target)

    def looks(self):
        page = self.page
        for number in range(2):
            page.click("#backup-now")
            page.until(lambda: len(self.names()) == number + 2, "the backup is listed")
            page.until(lambda: not page.find("#job").is_displayed(), "the backup ends")
        page.until(lambda: page.find("#size-chart").is_displayed(), "the chart is shown")
        page.until(lambda: page.find("#time-chart").is_displayed(), "the chart is shown")
        page.click("#mail-test")
        page.until_text("#mail-text", "nothing was sent")
        page.click("#preflight-run")
        page.until_text("#preflight-text", r"\d+ checks")
        if not page.script("return document.getElementById('audit-box').open"):
            page.click("#audit-box > summary")
        page.until_text("#audit tbody", "POST")
        page.check_names()
        for scheme in ("light", "dark"):
            page.colours(scheme)
            page.wide()
            page.check_width(1280)
            page.check_contrast(f"on a wide screen, {scheme}")
            page.picture(f"wide-{scheme}")
            page.narrow()
            page.check_width(375)
            page.check_contrast(f"on a narrow screen, {scheme}")
            page.picture(f"narrow-{scheme}")
            page.click_row("Restore", self.safety)
            page.confirm("REST")
            page.check_width(375)
            page.picture(f"narrow-dialogue-{scheme}", whole=False)
            page.click("#confirm-no")
        page.wide()
        page.colours("light")

    def sign_out(self):
        page = self.page
        page.click("#sign-out")
        page.until(lambda: page.find("#sign-in").is_displayed(), "the form is shown")
        assert not page.find("#work").is_displayed()


def main():
    report, work = sys.argv[1:]
    for name in ("downloads", "pictures"):
        (Path(work) / name).mkdir(exist_ok=True)
    stack = Stack(report, work)
    browser = Browser(stack.url, Path(work) / "downloads", Path(work) / "pictures")
    try:
        Tour(stack, browser).run()
    finally:
        browser.close()


if __name__ == "__main__":
    main()
