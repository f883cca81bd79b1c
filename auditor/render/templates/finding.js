// One finding as an article; `page` is left out where the page is already named.
function findingCard(finding, level, page, where) {
  const at = [];
  if (page) at.push(" · ", el("a", { href: `#${page.id}` }, bdi(page.title || page.name)));
  else if (where) at.push(" · ", bdi(where));
  if (finding.line) at.push(` · line\u00a0${finding.line}${page || !finding.column ? "" : `, column\u00a0${finding.column}`}`);
  return el(
    "article",
    { class: `finding ${finding.severity}` },
    el(level, {}, bdi(finding.message)),
    el(
      "p",
      { class: "meta" },
      chip(finding.severity), " ", el("code", {}, finding.check),
      finding.confidence && ` · ${finding.confidence} confidence`, at,
    ),
    finding.snippet && el("blockquote", { dir: "auto" }, finding.snippet.map((piece, n) => (n % 2 ? el("mark", {}, piece) : piece))),
    finding.why && el("p", {}, el("b", {}, "Why"), ` ${finding.why.join("; ")}.`),
    finding.fix !== undefined && el("p", {}, el("b", {}, "To do"), ` ${data.fixes[finding.fix]}`),
    finding.evidence && evidence(finding.evidence),
  );
}

function evidence(pairs) {
  const rows = pairs.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, Array.isArray(value) ? value.map((one) => bdi(one, { class: "entry" })) : bdi(value))),
  );
  return el("details", {}, el("summary", {}, "Evidence"), el("dl", { class: "facts" }, rows));
}
