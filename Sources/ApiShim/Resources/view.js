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

/** A row whose cells carry their column's name, which narrow screens show. */
export function row(table, cells) {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return make("tr", {}, ...cells.map((cell, index) => {
    const [content, className = ""] = Array.isArray(cell) ? cell : [cell];
    const parts = content instanceof Array ? content : [content ?? "–"];
    return make("td", { className, "data-label": names[index] }, ...parts);
  }));
}

export function rows(table, list, empty) {
  const body = table.tBodies[0];
  if (list.length === 0) list = [make("tr", {}, make("td", { colSpan: table.tHead.rows[0].cells.length, className: "quiet" }, empty))];
  body.replaceChildren(...list);
}

export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let step = 0;
  while (count >= 1024 && step < units.length - 1) { count /= 1024; step += 1; }
  return `${step === 0 ? count : count.toFixed(count < 10 ? 1 : 0)} ${units[step]}`;
}

export function time(text) {
  if (!text) return null;
  return make("time", { dateTime: text, title: text }, new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return null;
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export function notice(text, tone = "bad") {
  const element = find("notice");
  element.hidden = !text;
  element.className = `notice ${tone}`;
  element.textContent = text ?? "";
  if (text) element.scrollIntoView({ block: "nearest" });
}

/** Asks for a word; true when it was typed and confirmed. */
export function confirmed({ title, text, word, action }) {
  const dialog = find("confirm");
  const input = find("confirm-word");
  const yes = find("confirm-yes");
  find("confirm-title").textContent = title;
  find("confirm-text").textContent = text;
  find("confirm-label").textContent = `Type ${word} to confirm`;
  input.value = "";
  yes.textContent = action;
  yes.value = "yes";
  yes.disabled = true;
  input.oninput = () => { yes.disabled = input.value !== word; };
  find("confirm-no").onclick = () => dialog.close("no");
  dialog.returnValue = "no";
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes" && input.value === word);
  });
}
