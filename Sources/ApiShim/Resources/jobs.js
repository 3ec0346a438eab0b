import { call } from "./api.js";
import { duration, find, notice, pill, row, rows, time } from "./view.js";

const names = {
  backup_create: "Backup", backup_restore: "Restore", backup_undo: "Undo of a restore",
  backup_verify: "Verification", migrate: "Migration",
};
const tones = { completed: "good", failed: "bad", cancelled: "warn", running: "warn" };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let watched = null;

export async function load() {
  const { data } = await call("GET", "/api/jobs/history?limit=20");
  const table = find("history");
  rows(table, data.map((job) => row(table, [
    names[job.operation] ?? job.operation, [[pill(job.status, tones[job.status])]], [[time(job.submitted_at), ` by ${job.submitted_by}`]],
    [duration(job.duration_seconds), "number"], job.error_message ?? "",
  ])), "No job has run yet.");
  // One that somebody else began, or that was begun before a reload.
  const running = data.find((job) => job.status === "running" || job.status === "accepted");
  return running?.job_id;
}

/** Shows a job until it is over. */
export async function watch(id) {
  if (watched === id) return;
  watched = id;
  find("backup-now").disabled = true;
  find("job").hidden = false;
  try {
    await follow(id);
  } finally {
    watched = null;
    find("job").hidden = true;
    find("backup-now").disabled = false;
  }
}

async function follow(id) {
  let before = null;
  while (true) {
    const job = await call("GET", `/api/jobs/${id}/status`);
    const name = names[job.operation] ?? job.operation;
    if (job.status !== "running") {
      const text = job.status === "completed" ? `${name} completed in ${duration(job.elapsed_seconds)}.` : `${name} ${job.status}: ${job.error?.message ?? "no reason known"}`;
      find("job-live").textContent = text;
      notice(text, job.status === "completed" ? "good" : "bad");
      return;
    }
    before = show(job, name, before);
    await pause(1000);
  }
}

function show(job, name, before) {
  const { current, total } = job.progress;
  const now = { current, step: job.step, at: performance.now() };
  const rate = before && before.step === job.step ? (current - before.current) * 1000 / (now.at - before.at) : 0;
  find("job-name").textContent = name;
  find("job-step").textContent = job.step;
  const bar = find("job-bar");
  if (total) { bar.max = total; bar.value = current; } else { bar.removeAttribute("value"); }
  const parts = [`${duration(job.elapsed_seconds)} so far`];
  if (total) parts.push(`${current.toLocaleString()} of about ${total.toLocaleString()}`);
  if (rate > 0) parts.push(`${Math.round(rate).toLocaleString()} a second`);
  if (total && job.estimated_seconds) parts.push(`about ${duration(job.estimated_seconds)} left`);
  find("job-text").textContent = parts.join(", ");
  // Read aloud only when the step changes, not each second.
  if (before?.step !== job.step) find("job-live").textContent = `${name}: ${job.step}`;
  return now;
}
