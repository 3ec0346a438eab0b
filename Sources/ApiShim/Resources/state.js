import { call } from "./api.js";
import { find, make, pill, row, rows, time } from "./view.js";

const reasons = {
  database_unavailable: "the database does not answer", migration_error: "migrations failed or cannot be read",
  migrations_pending: "migrations are pending",
};
const warnings = {
  migration_drift: "an applied migration was changed", post_condition_failed: "a migration's post-condition does not hold",
};

/** Readiness, for anybody; 503 is an answer too. */
export async function health() {
  const state = await call("GET", "/api/health/ready", undefined, [503]);
  const mark = find("health-pill");
  mark.className = `pill ${state.reason ? "bad" : "good"}`;
  mark.textContent = state.reason ? reasons[state.reason] ?? state.reason : "ready";
  const { pool, migrations } = state;
  const items = {
    Database: state.database,
    Ready: state.reason ? reasons[state.reason] ?? state.reason : "yes",
    ...state.warnings && { Warning: state.warnings.map((one) => warnings[one] ?? one).join("; ") },
    Pool: `${pool.active} of ${pool.max_size} connections in use, ${pool.idle} idle`,
    Migrations: migrations.pending === null ? "unknown" : `${migrations.applied} applied, ${migrations.pending} pending`,
    "Migration lock": migrations.lock.locked ? "held" : "free",
  };
  find("health").replaceChildren(...Object.entries(items).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

export function healthUnknown() {
  find("health-pill").className = "pill bad";
  find("health-pill").textContent = "no answer";
}

const tones = { applied: "good", pending: "warn", failed: "bad", missing: "bad" };

export async function migrations() {
  const state = await call("GET", "/api/admin/migrations");
  find("migrations-text").replaceChildren(
    pill(`${state.applied} applied`, "good"), " ", pill(`${state.pending} pending`, state.pending ? "warn" : ""), " ",
    pill(`${state.failed} failed`, state.failed ? "bad" : ""), " ",
    ...state.drifted.filter((one) => one.kind === "semantic").map((one) => pill(`${one.file} was changed`, "bad")),
    ...(state.unmet ?? []).map((one) => pill(`${one.file}:${one.line} does not hold`, "bad")), state.lock.locked ? pill("running now", "warn") : "");
  const table = find("migrations");
  rows(table, [...state.migrations].reverse().map((one) => row(table, [[one.file, "name"], [[pill(one.state, tones[one.state])]], [time(one.applied_at), "number"]])), "There is no file.");
}

export async function plan() {
  const { pending } = await call("GET", "/api/admin/migrations/plan");
  const box = find("plan");
  box.hidden = false;
  box.replaceChildren(...pending.length === 0 ? [make("p", {}, "Nothing is pending.")] : pending.flatMap((file) => [
    make("h3", {}, `${file.file}, ${file.statements.length} statements`),
    make("pre", { tabIndex: 0, "aria-label": `Statements of ${file.file}` }, file.statements.map((one) => `${one.sql};`).join("\n")),
  ]));
}
