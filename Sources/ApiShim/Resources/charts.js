import { make } from "./view.js";

const namespace = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Bars, the oldest first; `list` has a value and a text for each. A chart of fewer than two says nothing. */
export function bars(box, title, list, format) {
  box.hidden = list.length < 2;
  if (box.hidden) return;
  const most = Math.max(...list.map((one) => one.value), 0);
  const picture = svg("svg", {
    // A few bars do not become blocks.
    viewBox: `0 0 ${Math.max(list.length, 20) * 10} 40`, preserveAspectRatio: "none", role: "img",
    "aria-label": `${title}: ${list.length} bars, the highest ${format(most)}, the newest ${format(list.at(-1).value)}`,
  }, ...list.map((one, index) => {
    const height = most > 0 ? Math.max(1, 38 * one.value / most) : 1;
    const name = svg("title", {});
    name.textContent = one.text;
    return svg("rect", { x: index * 10 + 1, y: 40 - height, width: 8, height }, name);
  }));
  box.replaceChildren(make("figcaption", { className: "quiet" }, `${title}, up to ${format(most)}`), picture);
}
