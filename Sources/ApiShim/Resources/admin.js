import { call, session } from "./api.js";
import { find, notice } from "./view.js";
import * as backups from "./backups.js";
import * as jobs from "./jobs.js";
import * as mail from "./mail.js";
import * as migrations from "./migrations.js";
import * as preflight from "./preflight.js";
import * as state from "./state.js";

let refresher = null;

/** Runs what a person asked for; what goes wrong is shown. */
async function act(work) {
  try {
    await work();
    if (session.claims) await load();
  } catch (error) {
    notice(error.message);
    // Somebody else's operation is in the way: it is shown instead.
    if (error.body?.existing_job_id) await act(() => jobs.watch(error.body.existing_job_id));
  }
}

/** Draws everything anew; quietly when nobody asked for it. */
async function load(isQuiet = false) {
  // A mail server that does not answer takes its time.
  mail.load();
  const results = await Promise.allSettled([jobs.load(), backups.load(act), backups.loadKept(), migrations.load(isQuiet), state.health()]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed && session.claims && !isQuiet) notice(failed.reason.message);
  if (find("audit-box").open) await jobs.audit();
  const running = results[0].value;
  if (running) act(() => jobs.watch(running));
}

function show() {
  const claims = session.claims;
  find("sign-in").hidden = claims !== null;
  find("work").hidden = claims === null;
  find("session").hidden = claims === null;
  clearTimeout(refresher);
  if (!claims) return find("sign-in-form").elements.user_name.focus();
  find("who").textContent = `${claims.user_name}, ${claims.user_role}`;
  find("mail-form").elements.to.value ||= claims.email ?? "";
  if (claims.user_role !== "Administrator") return end("Only an administrator can work here.");
  const left = claims.exp * 1000 - Date.now();
  refresher = setTimeout(renew, Math.min(left * 0.8, 2 ** 31 - 1));
  find("main").focus();
  act(async () => {});
}

/** A token of an account is renewed while the page is open; one for programs ends when it ends. */
async function renew() {
  try {
    session.set((await call("GET", "/api/auth/refresh"))[0]);
    show();
  } catch (error) {
    notice(`The session will end: ${error.message}`, "warn");
  }
}

function end(text) {
  session.set(null);
  show();
  if (text) notice(text);
}

find("sign-in-form").onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    notice(null);
    session.set((await call("POST", "/api/auth/authenticate", Object.fromEntries(new FormData(form))))[0]);
    form.reset();
    show();
  } catch (error) {
    notice(error.message);
  }
};
find("token-form").onsubmit = (event) => {
  event.preventDefault();
  notice(null);
  session.set(event.target.elements.token.value.trim());
  event.target.reset();
  if (session.claims) show(); else end("That is no access token.");
};
find("sign-out").onclick = () => { notice(null); end(); };
find("audit-box").ontoggle = () => { if (find("audit-box").open) act(async () => {}); };
session.whenEnded(() => end("The session has ended, sign in again."));
for (const section of [backups, migrations, mail, preflight]) section.start(act);
show();

let before = null;
let quietSince = 0;

/** Looks at the health every few seconds, and at the rest when something has changed, or for a while nobody looked. */
async function pulse() {
  if (!document.hidden) {
    const now = await state.health().catch(() => state.healthUnknown());
    const isDue = now !== before || performance.now() - quietSince > 20_000;
    if (session.claims && now && isDue && !jobs.isWatching()) {
      await load(true);
      quietSince = performance.now();
    }
    before = now;
  }
  setTimeout(pulse, 4000);
}
pulse();
