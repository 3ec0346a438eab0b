import { call, events } from "./api.js";
import { bars } from "./charts.js";
import { bytes, clock, count, duration, find, notice, pill, row, rows, setBusy, time } from "./view.js";

const names = {
  backup_create: "Backup", backup_restore: "Restore", backup_undo: "Undo of a restore",
  backup_verify: "Verification", migrate: "Migration",
};
const units = { migrate: ["file", "files"] };
const tones = { completed: "good", failed: "bad", cancelled: "warn", running: "warn" };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let watched = null;

/** What a finished job has to say beside that it is finished. */
const results = {
  backup_create: (result) => `${baseName(result.file)}, ${count(result.table_count, "table")}, ${count(result.rows, "row")}, ${bytes(result.size_bytes)}`,
  backup_verify: (result) => `${baseName(result.file)} is whole`,
  backup_restore: (result) => `${count(result.tables, "table")}, ${count(result.rows, "row")}; before it ${baseName(result.safety_backup)} was made${result.pending_after ? `; ${count(result.pending_after, "migration")} now pending` : ""}`,
  backup_undo: () => "what was there before the restore is back",
  migrate: (result) => result.total_applied ? `${count(result.total_applied, "file")} applied` : "nothing was pending",
};
const baseName = (path) => path.split("/").at(-1);

export async function load() {
  const { data } = await call("GET", "/api/jobs/history?limit=100");
  const table = find("history");
  rows(table, data.slice(0, 20).map((job) => row(table, [
    [names[job.operation] ?? job.operation, "name"], [[pill(job.status, tones[job.status])]],
    [[time(job.submitted_at), ` by ${job.submitted_by}`]], [duration(job.duration_seconds), "number"], [job.error_message ?? "–", "reason"],
  ])), "No job has run yet.");
  const backups = data.filter((job) => job.operation === "backup_create" && job.status === "completed").slice(0, 40).reverse();
  bars(find("time-chart"), `Time of the newest ${backups.length} backup jobs`, backups.map((job) => ({ value: job.duration_seconds, text: `${clock(job.submitted_at)}: ${duration(job.duration_seconds)}` })), duration);
  // One that somebody else began, or that was begun before a reload.
  return data.find((job) => job.status === "running" || job.status === "accepted")?.job_id;
}

/** Who changed what: read only when somebody looks. */
export async function audit() {
  const { data } = await call("GET", "/api/admin/audit?limit=50");
  const table = find("audit");
  rows(table, data.map((one) => row(table, [
    [[time(one.at)], "number"], [one.account || "nobody", "short"], [`${one.action} ${one.subject}`, "reason"], [one.address, "short"], [[pill(String(one.status), one.status < 400 ? "good" : "bad")]],
  ])), "Nothing was changed yet.");
}

export const isWatching = () => watched !== null;

/** Shows a job until it is over. */
export async function watch(id) {
  if (watched === id) return;
  watched = id;
  setBusy(true);
  find("job").hidden = false;
  try {
    await follow(id);
  } finally {
    watched = null;
    find("job").hidden = true;
    setBusy(false);
  }
}

async function follow(id) {
  let before = null;
  for await (const job of states(id)) {
    const name = names[job.operation] ?? job.operation;
    if (job.status !== "running") return end(job, name);
    before = show(job, name, before);
  }
}

/**
 * How a job stands, again and again: from its stream, and where that cannot be had or breaks, by asking for it before
 * the next stream. A shim that does not answer for a moment does not end the watching: the job goes on.
 */
async function* states(id) {
  const sources = [
    () => events(`/api/jobs/${id}/events`),
    async function* () { yield await call("GET", `/api/jobs/${id}/status`); },
  ];
  for (let attempt = 0, failures = 0; ; attempt += 1) {
    try {
      for await (const job of sources[attempt % 2]()) { failures = 0; yield job; }
    } catch (error) {
      failures += 1;
      if ((error.status !== 0 && error.status !== 503) || failures === 40) throw error;
    }
    await pause(750);
  }
}

function end(job, name) {
  const isGood = job.status === "completed";
  const more = isGood && job.result ? `: ${results[job.operation]?.(job.result) ?? ""}` : "";
  const text = isGood ? `${name} completed in ${duration(job.elapsed_seconds)}${more}.` : `${name} ${job.status}: ${job.error?.message ?? "no reason known"}`;
  find("job-live").textContent = text;
  notice(text, isGood ? "good" : "bad");
}

function show(job, name, before) {
  const { current, total } = job.progress;
  const now = { current, step: job.step, at: performance.now() };
  const rate = before && before.step === job.step ? (current - before.current) * 1000 / (now.at - before.at) : 0;
  const [one, many] = units[job.operation] ?? ["row", "rows"];
  find("job-name").textContent = name;
  find("job-step").textContent = job.step;
  const bar = find("job-bar");
  if (total) { bar.max = total; bar.value = current; } else { bar.removeAttribute("value"); }
  const parts = [`${duration(job.elapsed_seconds)} so far`];
  if (total) parts.push(`${current.toLocaleString()} of about ${count(total, one, many)}`);
  if (rate > 0) parts.push(`${Math.round(rate).toLocaleString()} a second`);
  if (total && job.estimated_seconds) parts.push(`about ${duration(job.estimated_seconds)} left`);
  find("job-text").textContent = parts.join(", ");
  // Read aloud only when the step changes, not each second.
  if (before?.step !== job.step) find("job-live").textContent = `${name}: ${job.step}`;
  return now;
}
