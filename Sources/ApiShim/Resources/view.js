// Small parts that all sections use. Text from the API is only ever set as text.
export const find = (id) => document.getElementById(id);

/** An element with properties, attributes that begin with `aria-` or `data-`, and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const pill = (text, tone = "") => make("span", { className: `pill ${tone}` }, text);

/** Names and values. */
export const pairs = (items) => Object.entries(items).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value ?? "–")]);

/** A row whose cells carry their column's name, which narrow screens show. */
export function row(table, cells) {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return make("tr", {}, ...cells.map((cell, index) => {
    const [content, className = ""] = Array.isArray(cell) ? cell : [cell];
    const parts = content instanceof Array ? content : [content ?? "–"];
    return make("td", { className, "data-label": names[index] }, ...parts);
  }));
}

/** Puts rows in the place of those before; a button that has the focus keeps it. */
export function rows(table, list, empty) {
  const body = table.tBodies[0];
  const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  if (list.length === 0) list = [make("tr", {}, make("td", { colSpan: table.tHead.rows[0].cells.length, className: "quiet" }, empty))];
  body.replaceChildren(...list);
  table.hidden = false;
  if (focused) [...body.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
}

export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let step = 0;
  while (count >= 1024 && step < units.length - 1) { count /= 1024; step += 1; }
  return `${step === 0 ? count : count.toFixed(count < 10 ? 1 : 0)} ${units[step]}`;
}

export const clock = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export function time(text) {
  return text ? make("time", { dateTime: text, title: text }, clock(text)) : null;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return null;
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

export function notice(text, tone = "bad") {
  const element = find("notice");
  element.hidden = !text;
  element.className = `notice ${tone}`;
  element.textContent = text ?? "";
  if (text) element.scrollIntoView({ block: "nearest" });
}

/** A button of a row. */
export function button(text, about, work, tone = "", needsIdle = false) {
  const element = make("button", { type: "button", className: `plain ${tone}`, "aria-label": `${text} ${about}`, onclick: work }, text);
  if (needsIdle) element.dataset.idle = "";
  element.disabled = needsIdle && busy;
  return element;
}

let busy = false;

/** While a job runs, nothing else can begin. */
export function setBusy(value) {
  busy = value;
  for (const element of document.querySelectorAll("[data-idle]")) element.disabled = value;
}

/** Asks for a word; true when it was typed and confirmed. */
export function confirmed({ title, content, word, action }) {
  const dialog = find("confirm");
  const input = find("confirm-word");
  const yes = find("confirm-yes");
  const before = document.activeElement;
  const label = before?.getAttribute("aria-label");
  find("confirm-title").textContent = title;
  find("confirm-text").replaceChildren(...content);
  find("confirm-label").textContent = `Type ${word} to confirm`;
  input.value = "";
  yes.textContent = action;
  yes.disabled = true;
  input.oninput = () => { yes.disabled = input.value !== word; };
  find("confirm-no").onclick = () => dialog.close("no");
  dialog.returnValue = "no";
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      // The row may have been drawn anew meanwhile.
      const again = before?.isConnected ? before : label && document.querySelector(`button[aria-label="${CSS.escape(label)}"]`);
      again?.focus();
      resolve(dialog.returnValue === "yes" && input.value === word);
    };
  });
}
