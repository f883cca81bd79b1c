// What is shown: filtered pages and findings, or one page; and everything when it is printed.
const byId = (id) => document.getElementById(id);
const SEVERITIES = ["info", "low", "medium", "high"];
const CONFIDENCES = ["low", "medium", ""];
const LABELS = ["clean", "low-quality", "spam"];
const PRINTED = 200;

function bySeverity(a, b) {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity)
    || CONFIDENCES.indexOf(b.confidence || "") - CONFIDENCES.indexOf(a.confidence || "");
}

const pages = data.order.map((number) => data.pages[number]);
const known = new Map(pages.map((page) => [page.id, page]));
const found = [
  ...data.wide.flatMap((one) => one.findings.map((finding) => ({ finding, where: one.name }))),
  ...pages.flatMap((page) => (page.findings || []).map((finding) => ({ finding, page }))),
].sort((a, b) => bySeverity(a.finding, b.finding));

const high = (page) => (page.findings || []).filter((one) => one.severity === "high").length;

function pageRow(page) {
  return el(
    "tr",
    {},
    el("td", { class: "wide" }, chip(page.label)),
    el("th", { scope: "row" }, el("span", { class: "narrow" }, chip(page.label)), el("a", { href: `#${page.id}` }, bdi(page.title || page.name)), bdi(page.name, { class: "path" })),
    el("td", { class: "n wide" }, percent(page.spam)),
    el("td", { class: "n wide" }, percent(page.quality)),
    el("td", { class: "wide" }, page.topic),
    el("td", { class: "n wide" }, high(page) || ""),
    el("td", { class: "n" }, (page.findings || []).length || ""),
  );
}

const KEYS = {
  label: (page) => LABELS.indexOf(page.label),
  title: (page) => page.title || page.name,
  spam: (page) => page.spam ?? -1,
  quality: (page) => page.quality ?? -1,
  topic: (page) => page.topic || "",
  high,
  findings: (page) => (page.findings || []).length,
};
let order = (some) => some;

const showPages = paged(byId("pages-table").tBodies[0], byId("pages-pager"), pageRow, "page");
const showFindings = paged(
  byId("findings-list"), byId("findings-pager"), (one) => findingCard(one.finding, "h3", one.page, one.where), "finding",
);

// What a search looks through, made at the first search.
const folded = (...texts) => texts.filter(Boolean).join("\n").toLowerCase();
function searched(one) {
  const { finding, page, where } = one;
  one.text ??= folded(finding.message, (finding.snippet || []).join(""), finding.check, where, page && page.title, page && page.name);
  return one.text;
}
function searchedPage(page) {
  const targets = [...(page.flagged || []).map((link) => `${link.anchor} ${link.target}`), ...(page.links || []).map((link) => link.join(" "))];
  page.text ??= folded(page.title, page.name, page.topic, ...targets);
  return page.text;
}

let shownPages = pages;
let shownFindings = found;
function filter() {
  const words = byId("f-text").value.trim().toLowerCase();
  const [label, severity, check] = ["label", "severity", "check"].map((name) => byId(`f-${name}`).value);
  const apt = (page) => !label || (page && (label === "advice" ? page.health === "advice" : page.label === label));
  shownFindings = found.filter(({ finding, page }) =>
    (!severity || finding.severity === severity) && (!check || finding.check === check) && apt(page));
  const withFinding = severity || check ? new Set(shownFindings.map((one) => one.page)) : null;
  shownPages = pages.filter((page) => apt(page) && (!withFinding || withFinding.has(page)));
  if (words) {
    shownFindings = shownFindings.filter((one) => searched(one).includes(words));
    const said = new Set(shownFindings.map((one) => one.page));
    shownPages = shownPages.filter((page) => said.has(page) || searchedPage(page).includes(words));
  }
  showPages(order(shownPages));
  showFindings(shownFindings);
  byId("f-status").textContent = `${counted(shownPages.length, "page")}, ${counted(shownFindings.length, "finding")}`;
}

sortBy([...byId("pages-table").querySelectorAll("th[data-key]")], (heading, ascending) => {
  const key = KEYS[heading.dataset.key];
  order = (some) => [...some].sort((a, b) => (ascending ? 1 : -1) * compare(key(a), key(b)));
  showPages(order(shownPages));
});
document.querySelectorAll("table.sortable").forEach(sortable);
for (const cell of document.querySelectorAll(".pick")) {
  const button = el("button", { type: "button", class: "pick" }, cell.textContent);
  button.addEventListener("click", () => {
    byId("f-check").value = button.textContent;
    filter();
    byId("findings-list").scrollIntoView();
  });
  cell.replaceWith(button);
}

const form = byId("filters");
let wait;
byId("f-text").addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(filter, 120);
});
for (const name of ["label", "severity", "check"]) byId(`f-${name}`).addEventListener("change", filter);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  filter();
});
form.addEventListener("reset", () => setTimeout(filter));

// A page's section has an address of its own; any other address is a place in the overview.
let left = 0;
const title = document.title;
function route() {
  const id = location.hash.slice(1);
  const page = known.get(id);
  const view = byId("page-view");
  if (page) {
    view.replaceChildren(el("p", { class: "back" }, el("a", { href: "#pages" }, "← All pages")), pageSection(page));
    document.title = `${page.title || page.name} · ${title}`;
  }
  const back = !page && !view.hidden;
  view.hidden = !page;
  byId("overview").hidden = Boolean(page);
  if (page) {
    window.scrollTo(0, 0);
    byId(`${page.id}-title`).focus({ preventScroll: true });
    return;
  }
  document.title = title;
  const place = id && byId(id);
  if (back && (!id || id === "pages")) window.scrollTo(0, left);
  else if (place) place.scrollIntoView();
}
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href^='#page-']");
  if (link && !byId("overview").hidden) left = window.scrollY;
});
window.addEventListener("hashchange", route);

// On paper nothing can be opened: all details are, and the pages that are shown follow with all that is known of them.
let closed = [];
window.addEventListener("beforeprint", () => {
  if (byId("overview").hidden) {
    closed = [...byId("page-view").querySelectorAll("details:not([open])")];
  } else {
    const told = shownPages.filter((page) => page.findings || page.label !== "clean");
    const rest = told.length - PRINTED;
    byId("print-view").replaceChildren(
      ...told.slice(0, PRINTED).map(pageSection),
      ...(rest > 0 ? [el("p", {}, `${counted(rest, "more page")} with findings stand in the file itself.`)] : []),
    );
    byId("print-view").hidden = false;
    const apart = shownFindings.filter((one) => !one.page);
    byId("findings-list").replaceChildren(...apart.map((one) => findingCard(one.finding, "h3", null, one.where)),
      el("p", {}, "Findings of single pages stand with their pages, below."));
    byId("pages-table").tBodies[0].replaceChildren(...order(shownPages).slice(0, 5 * PRINTED).map(pageRow));
    closed = [...document.querySelectorAll("#overview details:not([open]), #print-view details:not([open])")];
  }
  for (const one of closed) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
  byId("print-view").replaceChildren();
  byId("print-view").hidden = true;
  showPages(order(shownPages));
  showFindings(shownFindings);
});

form.hidden = false;
filter();
route();
