import { call } from "./api.js";
import { confirmed, count, find, make, notice, pill, row, rows, time } from "./view.js";
import { watch } from "./jobs.js";

const tones = { applied: "good", pending: "warn", failed: "bad", missing: "bad", pass: "good", warn: "warn", fail: "bad", error: "bad" };
let pending = [];
let seen = "";

export function start(act) {
  find("show-plan").onclick = () => act(togglePlan);
  find("apply").onclick = () => act(apply);
}

export async function load(isQuiet) {
  const state = await call("GET", "/api/admin/migrations");
  find("migrations-text").replaceChildren(
    pill(`${state.applied} applied`, "good"), " ", pill(`${state.pending} pending`, state.pending ? "warn" : ""), " ",
    pill(`${state.failed} failed`, state.failed ? "bad" : ""), " ", state.lock.locked ? pill("running now", "warn") : "");
  find("apply").hidden = state.pending === 0;
  pending = state.migrations.filter((one) => one.state === "pending" || one.state === "failed").map((one) => one.file);
  const table = find("migrations");
  rows(table, [...state.migrations].reverse().map((one) => row(table, [[one.file, "name"], [[pill(one.state, tones[one.state])]], [[time(one.applied_at) ?? "–"], "number"]])), "There is no file.");
  // The post-conditions are queries of the files: not asked every few seconds.
  const now = JSON.stringify(state);
  if (!isQuiet || now !== seen) await findings(state);
  seen = now;
}

/** Files that were changed after they were applied, and what the applied ones promise. */
async function findings(state) {
  const items = state.drifted.map((one) => finding(one.kind === "semantic" ? "fail" : "pass", `${one.file} was changed after it was applied: ${one.kind === "semantic" ? "its statements are others" : "only comments and white space"}`));
  items.push(...state.missing.map((file) => finding("fail", `${file} was applied, but its file is not there`)));
  items.push(...state.out_of_order.map((file) => finding("warn", `${file} is pending below the newest one that is applied`)));
  const { checks } = await call("GET", "/api/admin/preflight?only=MIG-103,MIG-108");
  if (items.length === 0) items.push(...checks.filter((one) => one.id === "MIG-103").map((one) => finding(one.status, `Drift: ${one.observed}`)));
  items.push(...checks.filter((one) => one.id === "MIG-108").map((one) => finding(one.status, `Post-conditions: ${one.observed}`)));
  find("migration-findings").replaceChildren(...items);
}

const finding = (status, text) => make("li", {}, pill(status, tones[status]), ` ${text}`);

async function togglePlan() {
  const box = find("plan");
  const toggle = find("show-plan");
  if (box.hidden) {
    const plan = await call("GET", "/api/admin/migrations/plan");
    box.replaceChildren(...plan.pending.length === 0 ? [make("p", {}, "Nothing is pending.")] : plan.pending.flatMap(file));
  }
  box.hidden = !box.hidden;
  toggle.textContent = box.hidden ? "Show plan" : "Hide plan";
  toggle.setAttribute("aria-expanded", String(!box.hidden));
}

function file(one) {
  const effects = one.statements.filter((statement) => statement.effect);
  return [
    make("h3", {}, `${one.file}, ${count(one.statements.length, "statement")}`),
    make("pre", { tabIndex: 0, role: "region", "aria-label": `Statements of ${one.file}` }, one.statements.map((statement) => `${statement.sql};`).join("\n")),
    make("ul", {}, ...effects.map((statement) => make("li", {}, `Statement ${statement.index}: ${statement.effect}`))),
  ];
}

async function apply() {
  const content = [make("p", {}, `${count(pending.length, "file")} will be applied, in this order:`), make("ol", {}, ...pending.map((name) => make("li", {}, name)))];
  if (!await confirmed({ title: "Apply the pending migrations?", content, word: "MIGRATE", action: "Apply" })) return;
  notice(null);
  const box = find("plan");
  if (!box.hidden) await togglePlan();
  await watch((await call("POST", "/api/admin/migrations/apply", { confirm: "MIGRATE" })).job_id);
}
