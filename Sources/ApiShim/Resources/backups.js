import { call, save } from "./api.js";
import { bytes, confirmed, find, make, notice, pill, row, rows, time } from "./view.js";
import { watch } from "./jobs.js";

const limit = 500;
const pageSize = 20;
let all = [];
let page = 0;

export function start(act) {
  const filter = find("backup-filter");
  filter.onsubmit = (event) => event.preventDefault();
  filter.oninput = () => { page = 0; show(act); };
  find("page-back").onclick = () => { page -= 1; show(act); };
  find("page-next").onclick = () => { page += 1; show(act); };
  find("backup-now").onclick = () => act(async () => {
    notice(null);
    await watch((await call("POST", "/api/backup/create")).job_id);
  });
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

function show(act) {
  const { text, kind, sort } = Object.fromEntries(new FormData(find("backup-filter")));
  const chosen = all.filter((one) => (!kind || one.kind === kind) && one.filename.toLowerCase().includes(text.toLowerCase()));
  if (sort === "oldest") chosen.reverse();
  const pages = Math.max(1, Math.ceil(chosen.length / pageSize));
  page = Math.min(Math.max(0, page), pages - 1);
  const table = find("backups");
  rows(table, chosen.slice(page * pageSize, (page + 1) * pageSize).map((one) => entry(table, one, act)), all.length ? "No backup matches." : "There is no backup yet.");
  find("backup-total").textContent = `${chosen.length} of ${all.length} backups, ${bytes(chosen.reduce((sum, one) => sum + one.size_bytes, 0))}`;
  find("page-text").textContent = `Page ${page + 1} of ${pages}`;
  find("page-back").disabled = page === 0;
  find("page-next").disabled = page === pages - 1;
  chart();
}

function entry(table, one, act) {
  const state = [];
  if (!one.complete) state.push(pill("incomplete", "bad"));
  if (one.proven_at) state.push(pill(`proven ${(one.restore_ms / 1000).toFixed(1)} s`, "good"));
  else if (one.verified_at) state.push(pill("verified", "good"));
  else if (one.complete) state.push(pill("not verified", "warn"));
  return row(table, [
    [[one.filename, " ", pill(one.kind)], "name"],
    [time(one.created_at), "number"],
    [bytes(one.size_bytes), "number"],
    [one.table_count === null ? "?" : String(one.table_count), "number"],
    [state],
    [[
      button("Download", one, act, () => save(path("download", one), one.filename, one.size_bytes)),
      button("Verify", one, act, async () => watch((await call("POST", path("verify", one))).job_id)),
      button("Delete", one, act, () => remove(one, act), "danger"),
    ], "actions"],
  ]);
}

const path = (action, one) => `/api/backup/${action}/${encodeURIComponent(one.filename)}`;

function button(text, one, act, work, tone = "") {
  return make("button", { type: "button", className: `plain ${tone}`, "aria-label": `${text} ${one.filename}`, onclick: () => act(work) }, text);
}

async function remove(one, act) {
  const question = { title: "Delete this backup?", text: `${one.filename}, ${bytes(one.size_bytes)}. It cannot be brought back.`, word: "DELETE", action: "Delete" };
  if (!await confirmed(question)) return;
  const answer = await call("DELETE", path("delete", one), { confirm: "DELETE" });
  notice(answer.message, "good");
  await load(act);
  find("backups-title").scrollIntoView({ block: "nearest" });
}

/** The sizes of the newest complete backups, oldest first. */
function chart() {
  const list = all.filter((one) => one.complete).slice(0, 40).reverse();
  const box = find("chart");
  box.hidden = list.length < 2;
  if (box.hidden) return;
  const most = Math.max(...list.map((one) => one.size_bytes), 1);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${list.length * 10} 40`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Sizes of the newest ${list.length} backups, at most ${bytes(most)}`);
  for (const [index, one] of list.entries()) {
    const height = Math.max(1, 38 * one.size_bytes / most);
    const bar = document.createElementNS(svg.namespaceURI, "rect");
    for (const [name, value] of Object.entries({ x: index * 10 + 1, y: 40 - height, width: 8, height })) bar.setAttribute(name, value);
    svg.append(bar);
  }
  box.replaceChildren(make("p", { className: "quiet" }, `Size of the newest ${list.length} backups, up to ${bytes(most)}`), svg);
}
