import { call } from "./api.js";
import { count, find, pill, row, rows } from "./view.js";

const tones = { pass: "good", warn: "warn", fail: "bad", error: "bad", skip: "" };
const order = ["fail", "error", "warn"];

export function start(act) {
  const run = find("preflight-run");
  run.onclick = () => act(async () => {
    run.disabled = true;
    find("preflight-text").textContent = "Checking …";
    try {
      show(await call("GET", "/api/admin/preflight"));
    } catch (error) {
      find("preflight-text").textContent = "";
      throw error;
    } finally {
      run.disabled = false;
      run.focus();
    }
  });
}

function show({ status, checks }) {
  const bad = checks.filter((one) => order.includes(one.status)).sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const good = checks.filter((one) => !order.includes(one.status));
  find("preflight-text").replaceChildren(pill(status, tones[status]), ` ${count(checks.length, "check")}, ${bad.length} to be looked at.`);
  const table = find("preflight");
  rows(table, bad.map((one) => row(table, [
    [`${one.id} ${one.title}`, "name"], [[pill(one.status, tones[one.status])]], [one.observed, "found"], [one.remedy ?? "–", "found"],
  ])), "Nothing needs a look.");
  const rest = find("preflight-good");
  find("preflight-rest").hidden = false;
  find("preflight-rest-title").textContent = `${good.length} passed or were skipped`;
  rows(rest, good.map((one) => row(rest, [[`${one.id} ${one.title}`, "name"], [[pill(one.status, tones[one.status])]], [one.observed, "found"]])), "None.");
}
