// Tables that sort by a click on a heading, lists that show one stretch at a time.
const LONG = 25;

// A heading becomes a button; `sorted(heading, ascending)` puts the rows in order.
function sortBy(headings, sorted) {
  for (const heading of headings) {
    const number = heading.dataset.sort === "number" || heading.classList.contains("n");
    const button = el("button", { type: "button", class: "sort" }, heading.textContent);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const was = heading.getAttribute("aria-sort");
      const ascending = was ? was === "descending" : !number;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sorted(heading, ascending);
    });
  }
}

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en"));

function sortable(table) {
  const headings = [...table.querySelectorAll("th[data-sort]")];
  sortBy(headings, (heading, ascending) => {
    const column = [...heading.parentNode.children].indexOf(heading);
    const number = heading.dataset.sort === "number";
    const value = (row) => {
      const cell = row.children[column];
      return number ? Number(cell.dataset.value ?? cell.textContent) : cell.textContent;
    };
    const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
    rows.sort(([a], [b]) => (ascending ? compare(a, b) : compare(b, a)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  });
}

// `items` a stretch at a time into `list`, each made by `make` when it is shown.
function paged(list, pager, make, noun) {
  let items = [];
  let at = 0;
  const earlier = el("button", { type: "button" }, "Previous");
  const later = el("button", { type: "button" }, "Next");
  const words = el("span", { class: "dim" });
  pager.replaceChildren(earlier, later, words);
  function show() {
    list.replaceChildren(...items.slice(at, at + LONG).map(make));
    earlier.disabled = at === 0;
    later.disabled = at + LONG >= items.length;
    words.textContent = items.length
      ? `${(at + 1).toLocaleString("en")}–${Math.min(at + LONG, items.length).toLocaleString("en")} of ${counted(items.length, noun)}`
      : `No ${noun} is like this.`;
    earlier.hidden = later.hidden = items.length <= LONG;
  }
  function go(step) {
    at += step;
    show();
    list.closest("section").scrollIntoView();
  }
  earlier.addEventListener("click", () => go(-LONG));
  later.addEventListener("click", () => go(LONG));
  return (now) => {
    items = now;
    at = 0;
    show();
  };
}
