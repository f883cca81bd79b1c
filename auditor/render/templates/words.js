// Elements made of text. Whatever a crawled page wrote goes through here, and only as text: nothing is ever parsed as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return node;
}

const el = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) => filled(document.createElementNS(SVG, name), attributes, children);
const bdi = (text, attributes = {}) => el("bdi", attributes, text);
const chip = (word) => el("span", { class: `chip ${word}` }, word.replace("-", " "));
const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function percent(share) {
  if (share === undefined) return "";
  if (share > 0 && share < 0.01) return "under 1%";
  return share > 0.99 && share < 1 ? "over 99%" : `${Math.round(share * 100)}%`;
}

// Only what the report gave as an address is followed, and only over the web.
function outward(page) {
  if (!page.href || !/^https?:\/\//.test(page.href)) return bdi(page.name, { class: "path" });
  return el("a", { class: "path", href: page.href, rel: "noopener noreferrer nofollow", target: "_blank" }, bdi(page.name));
}

// What pushed a verdict, to the right, and what held it back, to the left.
function shares(pairs) {
  const most = Math.max(...pairs.map(([, weight]) => Math.abs(weight)), 0.01);
  const rows = pairs.map(([words, weight]) => {
    const width = (50 * Math.abs(weight)) / most;
    const x = weight < 0 ? 50 - width : 50;
    const bar = svg(
      "svg",
      { class: "bar both", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "track", width: 100, height: 10 }),
      svg("rect", { class: weight < 0 ? "against" : "fill", x, width, height: 10 }),
      svg("rect", { class: "middle", x: 49.8, width: 0.4, height: 10 }),
    );
    return el("div", {}, el("dt", {}, words), el("dd", {}, bar, el("span", {}, (weight < 0 ? "−" : "+") + Math.abs(weight).toFixed(2))));
  });
  return el("dl", { class: "bars" }, rows);
}
