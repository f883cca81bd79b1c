// Everything known of one page, as a section.
function pageSection(page) {
  const parts = [verdict(page), card(page), pageFindings(page), flagged(page), related(page), links(page), suppressed(page)];
  return el(
    "section",
    { class: "page", "aria-labelledby": `${page.id}-title` },
    el("h2", { id: `${page.id}-title`, tabindex: "-1" }, bdi(page.title || page.name)),
    outward(page),
    el(
      "p",
      { class: "meta" },
      chip(page.label),
      [page.topic, page.language && `language ${page.language}`, page.status && `status ${page.status}`,
        page.health === "advice" && "gives health advice", page.health === "related" && "about health"]
        .filter(Boolean).map((words) => ` · ${words}`),
    ),
    parts,
  );
}

function verdict(page) {
  const told = [];
  if (page.spam !== undefined) told.push(`Spam: ${percent(page.spam)}.`);
  if (page.quality !== undefined) told.push(` ${page.health === "advice" ? "Not to be relied on" : "Low quality"}: ${percent(page.quality)}.`);
  const bars = [];
  if (page.why_spam) bars.push(el("h4", {}, "What makes it look like spam"), shares(page.why_spam));
  if (page.why_quality) bars.push(el("h4", {}, page.health === "advice" ? "What makes it hard to rely on" : "What makes it look low in quality"), shares(page.why_quality));
  if (!told.length) return el("p", {}, "The models do not speak of this page: another language, or too little text.");
  return [
    el("h3", {}, "The verdict"),
    el("p", {}, told, page.label !== "clean" && " Facts among the findings can raise a verdict above what its words and structure alone suggest."),
    bars.length > 0 && el("p", { class: "dim" }, "Bars to the right pushed the verdict, bars to the left held it back; the numbers are shares of the log-odds."),
    bars,
  ];
}

function card(page) {
  if (!page.card) return null;
  const rows = page.card.map(([topic, found, answer]) => {
    const [sign, words] = found === null ? ["–", "not known"] : found ? ["✓", "good"] : ["✗", "missing or bad"];
    return el(
      "div",
      { class: found === null ? "unknown" : found ? "told" : "silent" },
      el("dt", {}, el("span", { class: "sign", "aria-hidden": "true" }, sign), topic, el("span", { class: "hidden" }, ` (${words})`)),
      el("dd", {}, bdi(answer)),
    );
  });
  return [el("h3", {}, "Health card"), el("dl", { class: "facts card" }, rows)];
}

function pageFindings(page) {
  const findings = [...(page.findings || [])].sort(bySeverity);
  return [el("h3", {}, counted(findings.length, "finding")), findings.map((one) => findingCard(one, "h4", null))];
}

// Addresses of planted links are text: nobody should get there by a slip of the hand.
function flagged(page) {
  if (!page.flagged) return null;
  const rows = page.flagged.map((link) =>
    el(
      "li",
      {},
      chip(link.label), " “", bdi(link.anchor || ""), "”",
      link.target ? [" → ", bdi(link.target, { class: "address" })] : " (a phrase that nothing links)",
      el("br"),
      el("span", { class: "dim" },
        [link.odds !== undefined && `planted: ${percent(link.odds)}`, link.block, link.rel && `rel ${link.rel}`, link.line && `line ${link.line}`]
          .filter(Boolean).join(" · ")),
      link.why && el("details", {}, el("summary", {}, "Why"), shares(link.why)),
    ),
  );
  return [el("h3", {}, "Links that look planted"), el("ul", { class: "plain" }, rows, more(page.more_flagged))];
}

function related(page) {
  return (page.related || []).map((block) => [
    el("h3", {}, "Related posts: “", bdi(block.block), "”"),
    block.odds !== undefined && el("p", {}, `Nothing to do with the article: ${percent(block.odds)}.`),
    el("dl", { class: "bars" }, block.items.map(([title, likeness]) => {
      const bar = svg(
        "svg",
        { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "track", width: 100, height: 10 }),
        svg("rect", { class: "fill", width: Math.max(0, 100 * (likeness || 0)), height: 10 }),
      );
      return el("div", {}, el("dt", {}, bdi(title)), el("dd", {}, bar, el("span", {}, likeness === null ? "no known word" : `alike ${likeness.toFixed(2).replace("-", "−")}`)));
    })),
  ]);
}

function links(page) {
  if (!page.links) return null;
  const rows = page.links.map(([anchor, target, rel]) =>
    el("li", {}, bdi(anchor || "(no text)"), " → ", bdi(target, { class: "address" }), rel && el("span", { class: "dim" }, ` · ${rel}`)));
  const number = page.links.length + (page.more_links || 0);
  return el("details", {}, el("summary", {}, `${counted(number, "other link")} to other sites`), el("ul", { class: "plain" }, rows, more(page.more_links)));
}

function suppressed(page) {
  if (!page.suppressed) return null;
  const rows = page.suppressed.map((one) =>
    el("li", {}, chip(one.severity), " ", bdi(one.message), el("br"), el("span", { class: "dim" }, `${one.check} · ${one.by}`)));
  return [el("h3", {}, `${counted(page.suppressed.length, "finding")} suppressed`), el("ul", { class: "plain" }, rows)];
}

const more = (number) => number > 0 && el("li", {}, `and ${number.toLocaleString("en")} more`);
