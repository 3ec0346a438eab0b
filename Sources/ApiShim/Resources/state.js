import { call } from "./api.js";
import { find, pairs } from "./view.js";

const reasons = {
  database_unavailable: "the database does not answer", migration_error: "migrations failed or cannot be read",
  migrations_pending: "migrations are pending",
};
let version = null;
const warnings = {
  migration_drift: "an applied migration was changed", post_condition_failed: "a migration's post-condition does not hold",
};

/**
 * Readiness, for anybody; 503 is an answer too.
 * Returns what tells one state from another.
 */
export async function health() {
  const state = await call("GET", "/api/health/ready", undefined, [503]);
  const mark = find("health-pill");
  const text = state.reason ? reasons[state.reason] ?? state.reason : "ready";
  mark.className = `pill ${state.reason ? "bad" : "good"}`;
  // A live region is read aloud whenever it is set, so only news are.
  if (mark.textContent !== text) mark.textContent = text;
  version ??= await call("GET", "/api/version");
  const { pool, migrations } = state;
  find("health").replaceChildren(...pairs({
    Ready: state.reason ? `no: ${text}` : "yes",
    ...(state.detail ? { Detail: state.detail } : {}),
    Database: state.database,
    ...(state.warnings ? { Warning: state.warnings.map((one) => warnings[one] ?? one).join("; ") } : {}),
    "Connection pool": `${pool.active} of ${pool.max_size} in use, ${pool.idle} idle`,
    Migrations: migrations.pending === null ? "unknown" : `${migrations.applied} applied, ${migrations.pending} pending`,
    "Migration lock": migrations.lock.locked ? migrations.lock.holder ?? "held" : "free",
    Version: `${version.version}${version.database.version ? `, data ${version.database.version}` : ""}`,
  }));
  return JSON.stringify([state.reason, migrations]);
}

export function healthUnknown() {
  find("health-pill").className = "pill bad";
  find("health-pill").textContent = "no answer";
  return null;
}
