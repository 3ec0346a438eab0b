import { call, session } from "./api.js";
import { find, notice } from "./view.js";
import * as backups from "./backups.js";
import * as jobs from "./jobs.js";
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

async function load() {
  const results = await Promise.allSettled([backups.load(act), state.migrations(), state.health(), jobs.load()]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) notice(failed.reason.message);
  const running = results[3].value;
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
find("show-plan").onclick = () => act(() => state.plan());
session.whenEnded(() => end("The session has ended, sign in again."));
backups.start(act);
show();

async function pulse() {
  if (!document.hidden) await state.health().catch(() => state.healthUnknown());
  setTimeout(pulse, 5000);
}
pulse();
