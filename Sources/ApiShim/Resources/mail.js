import { call } from "./api.js";
import { find, pill, row, rows } from "./view.js";

const tones = { pass: "good", warn: "warn", fail: "bad", skip: "" };
const pause = 5 * 60_000;
let askedAt = -Infinity;

export function start(act) {
  find("mail-test").onclick = () => act(() => run("Testing the mail server", () => call("GET", "/api/admin/smtp/test")));
  find("mail-form").onsubmit = (event) => {
    event.preventDefault();
    const to = event.target.elements.to.value.trim();
    act(() => run(`Sending to ${to}`, () => call("POST", "/api/admin/smtp/send", { to }), to));
  };
}

/** Whether mail works, asked for quietly, and seldom, because the mail server is talked to each time. */
export async function load() {
  if (performance.now() - askedAt < pause) return;
  askedAt = performance.now();
  try {
    mark(await call("GET", "/api/admin/smtp/test"));
  } catch {
    askedAt = -Infinity;
  }
}

function mark({ host, success }) {
  const [text, tone] = host === null ? ["off", ""] : success ? ["works", "good"] : ["does not work", "bad"];
  find("mail-pill").className = `pill ${tone}`;
  find("mail-pill").textContent = text;
}

async function run(text, work, to) {
  find("mail-text").textContent = `${text} …`;
  let report;
  try {
    report = await work();
  } catch (error) {
    find("mail-text").textContent = "";
    throw error;
  }
  mark(report);
  find("mail-text").replaceChildren(
    pill(report.success ? "works" : "does not work", report.success ? "good" : "bad"), " ",
    report.success ? (to ? `The message to ${to} was handed over.` : `${report.host}:${report.port} would take mail; nothing was sent.`) : report.error);
  const table = find("mail");
  rows(table, report.stages.map((one) => row(table, [
    [one.stage, "short"], [[pill(one.status, tones[one.status])]], [one.status === "skip" ? "–" : `${one.ms} ms`, "number"],
    [[[one.code, one.detail, one.hint && `→ ${one.hint}`].filter(Boolean).join(" ") || "–"], "reason"],
  ])), "");
}
