import { call, save } from "./api.js";
import { bars } from "./charts.js";
import { button, bytes, clock, confirmed, count, find, make, notice, pairs, pill, row, rows, time } from "./view.js";
import { watch } from "./jobs.js";

const limit = 500;
const pageSize = 20;
const orders = {
  newest: () => 0,
  oldest: (a, b) => a.created_at.localeCompare(b.created_at),
  largest: (a, b) => b.size_bytes - a.size_bytes,
  name: (a, b) => a.filename.localeCompare(b.filename),
};
let all = [];
let page = 0;
let database = "";

export function start(act) {
  const filter = find("backup-filter");
  filter.onsubmit = (event) => event.preventDefault();
  filter.oninput = () => { page = 0; show(act); };
  find("page-back").onclick = () => { page -= 1; show(act); };
  find("page-next").onclick = () => { page += 1; show(act); };
  find("backup-now").onclick = () => act(() => begin("/api/backup/create"));
  find("undo").onclick = () => act(undo);
}

async function begin(path, body) {
  notice(null);
  await watch((await call("POST", path, body)).job_id);
}

/** Reads the whole list: filters look at all of it, not at one page. */
export async function load(act) {
  const found = [];
  let total = 1;
  while (found.length < total) {
    const answer = await call("GET", `/api/backup/list?limit=${limit}&offset=${found.length}`);
    total = answer.data.length === 0 ? 0 : answer.total;
    found.push(...answer.data);
  }
  all = found;
  show(act);
}

/** What is kept of the last restore. */
export async function loadKept() {
  const state = await call("GET", "/api/admin/restores");
  database = state.database;
  const last = state.restores.findLast((one) => one.state === "done" || one.state === "exchanged");
  find("kept").hidden = !last;
  if (last) find("kept-text").textContent = `${database} was restored from ${baseName(last.archive)} on ${clock(last.started_at)}; what was there before is kept.`;
}

const baseName = (path) => path.split("/").at(-1);

function show(act) {
  const { text, kind, sort } = Object.fromEntries(new FormData(find("backup-filter")));
  const chosen = all.filter((one) => (!kind || one.kind === kind) && one.filename.toLowerCase().includes(text.toLowerCase()));
  chosen.sort(orders[sort]);
  const pages = Math.max(1, Math.ceil(chosen.length / pageSize));
  page = Math.min(Math.max(0, page), pages - 1);
  const table = find("backups");
  rows(table, chosen.slice(page * pageSize, (page + 1) * pageSize).map((one) => entry(table, one, act)), all.length ? "No backup matches." : "There is no backup yet.");
  find("backup-total").textContent = `${chosen.length} of ${count(all.length, "backup")}, ${bytes(chosen.reduce((sum, one) => sum + one.size_bytes, 0))}`;
  find("page-text").textContent = `Page ${page + 1} of ${pages}`;
  find("page-back").disabled = page === 0;
  find("page-next").disabled = page === pages - 1;
  const newest = all.filter((one) => one.complete).slice(0, 40).reverse();
  bars(find("size-chart"), `Size of the newest ${newest.length} backups`, newest.map((one) => ({ value: one.size_bytes, text: `${one.filename}: ${bytes(one.size_bytes)}` })), bytes);
}

function entry(table, one, act) {
  const name = one.filename;
  return row(table, [
    [[name, " ", pill(one.kind)], "name"],
    [[time(one.created_at)], "number"],
    [bytes(one.size_bytes), "number"],
    [one.table_count === null ? "?" : String(one.table_count), "number"],
    [state(one)],
    [[
      button("Download", name, () => act(() => save(path("download", one), name, one.size_bytes))),
      button("Verify", name, () => act(() => begin(path("verify", one))), "", true),
      button("Restore", name, () => act(() => restore(one)), "", true),
      button("Delete", name, () => act(() => remove(one, act)), "danger", true),
    ], "actions"],
  ]);
}

function state(one) {
  if (!one.complete) return [pill("incomplete", "bad")];
  const seconds = one.restore_ms === null ? "" : ` in ${(one.restore_ms / 1000).toFixed(1)} s`;
  if (one.proven_at) return [make("span", { className: "pill good", title: `restored and compared on ${clock(one.proven_at)}` }, `proven${seconds}`)];
  if (one.verified_at) return [make("span", { className: "pill good", title: `read through on ${clock(one.verified_at)}` }, "verified")];
  return [pill("not verified", "warn")];
}

const path = (action, one) => `/api/backup/${action}/${encodeURIComponent(one.filename)}`;

const facts = (one) => ({
  Backup: one.filename, "Of the database": one.database, Made: time(one.created_at),
  Holds: one.table_count === null ? bytes(one.size_bytes) : `${count(one.table_count, "table")}, ${bytes(one.size_bytes)}`,
});

async function restore(one) {
  const other = one.database && one.database !== database
    ? [make("p", { className: "bad" }, `This backup was made of another database, ${one.database}.`)] : [];
  const content = [
    make("p", {}, `Everything in ${database} is replaced by what the backup holds. A safety backup is made first, and the restore can be undone.`),
    make("dl", {}, ...pairs({ ...facts(one), "Restored into": make("strong", {}, database) })), ...other,
  ];
  if (!await confirmed({ title: `Restore ${database}?`, content, word: "RESTORE", action: "Restore" })) return;
  await begin("/api/backup/restore", { filename: one.filename, confirm: "RESTORE" });
}

async function undo() {
  const content = [make("p", {}, `${find("kept-text").textContent} It comes back, and what ${database} has now is kept in its place.`)];
  if (await confirmed({ title: `Undo the restore of ${database}?`, content, word: "UNDO", action: "Undo" })) await begin("/api/backup/undo");
}

async function remove(one, act) {
  const content = [make("p", {}, "It cannot be brought back."), make("dl", {}, ...pairs(facts(one)))];
  if (!await confirmed({ title: "Delete this backup?", content, word: "DELETE", action: "Delete" })) return;
  const answer = await call("DELETE", path("delete", one), { confirm: "DELETE" });
  notice(answer.message, "good");
  await load(act);
  find("backup-now").focus();
}
