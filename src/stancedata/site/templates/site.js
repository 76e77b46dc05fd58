// What the pages do beyond showing: search, the table with its filters, and the day that is looked at.
// Texts of the data reach the page only as text nodes and attributes, never as markup.
(function () {
"use strict";

const root = document.currentScript.getAttribute("src").replace("site.js", "");
const data = window.stancedata || {};
const DAY = 86400000;
const PER_PAGE = 100;
const MOST_FOUND = 50;

// ---- Helpers

/** Make an element with attributes and children; a text becomes a text node. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function byId(id) { return document.getElementById(id); }

/** Fold case, accents and apostrophes, so that "Cote d'Ivoire" finds "Côte d’Ivoire". */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019\u02bc`]/g, "'")
    .replace(/ı/g, "i").toLowerCase();
}

/** Return whether a folded text has every word of a folded query. */
function matches(text, words) { return words.every((word) => text.includes(word)); }

function wordsOf(text) { return folded(text).split(/\s+/).filter(Boolean); }

/** Write a date as stated in words: `[a..b]` is "between a and b", `a/b` is "a to b". */
function dated(text) {
  return text.replace(/^\[(\S+?)\.\.(\S+?)\]$/, "between $1 and $2").replace(/^(\S+)\/(\S+)$/, "$1 to $2");
}

function spaced(text) { return text.replaceAll("_", " "); }

function state() { return new URLSearchParams(location.hash.slice(1)); }

function keep(values) {
  const text = new URLSearchParams(values).toString();
  history.replaceState(null, "", "#" + text);
}

// ---- Records of the data files

function actor(index) {
  const [id, file, name] = data.names.actors[index];
  return { id, name, address: `${root}actors/${file || id}.html` };
}

function issue(index) {
  const [id, file, name] = data.names.issues[index];
  return { id, name, address: `${root}issues/${file || id}.html` };
}

/** Read a row of `stances`; the order is that of `stance_rows.py`. */
function stance(index) {
  const row = data.stances.rows[index];
  const word = (place) => data.stances.words[place];
  const [id, file, title, publisher, url] = data.stances.documents[row[0]];
  const [stated, earliest, latest] = row[12];
  return {
    id: `${id}#${row[1]}`, address: `${root}documents/${file || id}.html#${row[2] || row[1]}`,
    document: id, title, publisher, url, issue: row[3], level: row[4], name: word(row[5]),
    act: word(row[6]), attribution: word(row[7]), confidence: word(row[8]),
    holders: row[9].filter((n) => n >= 0), dissociates: row[9].filter((n) => n < 0).map((n) => -n - 1),
    speaker: row[10], event: row[11], stated, earliest: earliest || stated, latest: latest || earliest || stated,
    summary: row[13], evidence: row[14], more: row[15] || {},
  };
}

/** Read a row of `positions`. */
function position(index) {
  const [stanceIndex, holder, level, name, flags, documents] = data.positions[index];
  return {
    stance: stance(stanceIndex), holder, level, name: data.stances.words[name], documents,
    own: Boolean(flags & 1), contested: Boolean(flags & 2), mixed: Boolean(flags & 4),
  };
}

function style(issueIndex, level) {
  const found = data.names.issues[issueIndex][4].find((step) => step[0] === level);
  return found ? found[1] : "lq";
}

function glyph(level, name) {
  if (level === null) return name ? "?" : "±";
  return level > 0 ? `+${level}` : String(level).replace("-", "−");
}

function chip(issueIndex, level, name) {
  const text = level === null ? (name ? "? ambiguous" : "± both sides") : `${glyph(level, name)} ${name}`;
  return make("b", { class: style(issueIndex, level) }, text);
}

function link(record) { return make("a", { href: record.address }, record.name); }

function separated(nodes) { return nodes.flatMap((node, n) => (n ? [", ", node] : [node])); }

// ---- What every page has: the header, and lists of stances that other pages hold

function frame() {
  const header = document.querySelector("header");
  const here = location.pathname.replace(/.*\//, "");
  const entry = (name) => {
    const address = `${name.toLowerCase()}.html`;
    return make("a", { href: root + address, ...(root === "" && here === address ? { "aria-current": "page" } : {}) }, name);
  };
  const nav = make("nav", { "aria-label": "Site" }, ...["Actors", "Issues", "Documents", "Events", "Matrix", "Table"].map(entry));
  const input = make("input", { name: "q", type: "search", "aria-label": "Search", placeholder: "Search" });
  const form = make("form", { role: "search", action: `${root}search.html` }, input);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = `${root}search.html#` + new URLSearchParams({ q: input.value });
  });
  header.append(nav, form);
  document.body.prepend(make("a", { class: "skip", href: "#main" }, "Skip to content"));
  if (data.about) document.body.append(make("footer", {}, link({ address: `${root}index.html`, name: data.about })));
}

/** Write a passage: its words, where they may be shown, or its place. */
function passage(item) {
  if (typeof item === "string") return item;
  const [start, end, words, language] = item;
  return words ? make("q", language ? { lang: language } : {}, words) : `characters ${start} to ${end}`;
}

function where(found) { return make("span", {}, ...separated(found.evidence.map(passage))); }

/** Link a stance by the publisher of its document, and beside it the document itself on the web. */
function source(found) {
  const inside = make("a", { href: found.address }, found.publisher);
  const outside = { href: found.url, rel: "noreferrer", "aria-label": `${found.publisher}: the document on the web`, title: "The document on the web" };
  return make("span", {}, inside, ...(found.url ? [" ", make("a", outside, "↗")] : []));
}

/** Say how many years before a day a position was stated, if a year or more. */
function aged(found, day) {
  const years = Math.floor((day - number(found.latest)) / 365);
  return years < 1 ? "" : ` · ${years} ${years === 1 ? "year" : "years"} before`;
}

function doubted(found) { return found.confidence === "low" ? " · low confidence" : ""; }

function positionEntry(index) {
  const { stance: found, own, level, name, documents, contested, mixed } = position(index);
  const holders = found.holders.length + found.dissociates.length;
  const marks = [own ? "own" : `joint, ${holders} holders`, spaced(found.attribution), `${found.confidence} confidence`,
    ...(contested ? ["contested"] : []), ...(mixed ? ["mixed"] : []), ...(documents > 1 ? [`${documents} documents`] : [])];
  return make("li", { id: `p${index}` }, make("time", {}, dated(found.stated)), " ", chip(found.issue, level, name), " ",
    make("span", {}, found.summary), make("small", {}, marks.join(" · "), " · ", source(found), ", ", where(found)));
}

function stanceEntry(index) {
  const found = stance(index);
  return make("li", {}, make("time", {}, dated(found.stated)), " ", chip(found.issue, found.level, found.name), " ", link(issue(found.issue)), ": ",
    make("span", {}, found.summary), make("small", {}, ...holderNodes(found), ` · ${spaced(found.attribution)}${doubted(found)} · `, source(found), ", ", where(found)));
}

/** Write whose position a stance is, who voiced it, and who attributes it to the holder. */
function chain(found) {
  const { quantifier, ascribed } = found.more;
  const parts = [[...holderNodes(found), ...(quantifier ? [` (${spaced(quantifier)} of them)`] : [])]];
  if (found.speaker >= 0) parts.push(["voiced by ", link(actor(found.speaker))]);
  if (ascribed) parts.push(["according to ", ...separated(ascribed.map((n) => link(actor(n))))]);
  return make("p", { class: "chain" }, ...parts.flatMap((part, n) => (n ? [" ← ", ...part] : part)));
}

function documentLink(index) {
  const [id, file, title] = data.stances.documents[index];
  return make("a", { href: `${root}documents/${file || id}.html` }, title);
}

function eventLink(index) {
  const [id, file, name] = data.names.events[index];
  return make("a", { href: `${root}events/${file || id}.html` }, name);
}

function condition([text, about, status, on, by]) {
  const met = status ? spaced(status) + (on ? `, ${on}` : "") : "no document says whether it was met";
  return make("p", { class: "condition" }, "On condition: ", make("span", {}, text), ...(about < 0 ? [] : [" (", link(issue(about)), ")"]),
    ": ", make("strong", {}, met), ...(by < 0 ? [] : [", ", documentLink(by)]));
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw where in its document a passage is. */
function bar(item, characters) {
  if (typeof item === "string" || !characters || item[4] !== undefined) return null;
  const picture = document.createElementNS(SVG, "svg");
  const rect = document.createElementNS(SVG, "rect");
  const width = Math.max(1.5, (100 * (item[1] - item[0])) / characters);
  const start = Math.min(98.5, (100 * item[0]) / characters);
  for (const [key, value] of [["x", `${start}%`], ["width", `${width}%`], ["height", "8"]]) rect.setAttribute(key, value);
  picture.setAttribute("aria-hidden", "true");
  picture.append(rect);
  return picture;
}

function evidence(item, characters) {
  const place = typeof item === "string" ? item : `characters ${item[0]} to ${item[1]}` + (characters && item[4] === undefined ? ` of ${characters}` : "");
  const quoted = typeof item !== "string" && item[2] ? [passage(item), " "] : [];
  const elsewhere = item[4] >= 0 && typeof item !== "string" ? [" in ", documentLink(item[4])] : [];
  return make("p", { class: "place" }, ...quoted, bar(item, characters), make("small", {}, place, ...elsewhere));
}

/** Write a stance in full, as the page of its document shows it. */
function article(index) {
  const found = stance(index);
  const { dated: by, towards, aspects, conditions, other } = found.more;
  const id = found.address.split("#")[1];
  const facts = [[dated(found.stated)], [spaced(found.act)], [spaced(found.attribution)], [`${found.confidence} confidence`],
    ...(by === undefined ? [] : [["dated by ", typeof by === "number" ? documentLink(by) : spaced(by)]]),
    ...(found.event < 0 ? [] : [["at ", eventLink(found.event)]]),
    ...(towards === undefined ? [] : [["towards ", link(actor(towards))]]),
    ...(aspects || []).map((n) => [spaced(data.stances.words[n])])];
  const characters = data.stances.documents[data.stances.rows[index][0]][5];
  return make("article", { id, "aria-label": `Stance ${id}` },
    make("h2", {}, make("a", { href: `#${id}`, "aria-label": `Address of stance ${id}` }, id), " ", link(issue(found.issue)), " ", chip(found.issue, found.level, found.name)),
    make("p", {}, found.summary), chain(found),
    make("p", { class: "facts" }, ...facts.flatMap((part, n) => (n ? [" · ", ...part] : part))),
    ...(conditions || []).map(condition), ...found.evidence.map((item) => evidence(item, characters)),
    ...(other || []).map(([name, value]) => make("p", { class: "note" }, `${name}: `, make("span", {}, value))));
}

/** Fill the lists of a page; a long one grows by a button. */
function listings() {
  for (const [kind, entry] of [["positions", positionEntry], ["stances", stanceEntry], ["articles", article]]) {
    for (const list of document.querySelectorAll(`[data-${kind}]`)) {
      const places = list.dataset[kind].split(",").map(Number);
      grow(list, places, entry, shownFirst(places, kind));
    }
  }
  addEventListener("click", (event) => {
    if (event.target.dataset.p) location.hash = `p${event.target.dataset.p}`;
  });
  const target = location.hash.length > 1 && byId(location.hash.slice(1));
  if (target) location.replace(location.hash); // so that it is the target, now that it is there
}

/** Return how many entries of a list to show: more if the address names a later one. */
function shownFirst(places, kind) {
  const name = location.hash.slice(1);
  const named = (n) => (kind === "articles" ? stance(n).address.split("#")[1] === name : `p${n}` === name);
  return Math.max(PER_PAGE, name ? places.findIndex(named) + 1 : 0);
}

function grow(list, places, entry, count) {
  const shown = list.children.length;
  list.append(...places.slice(shown, shown + count).map(entry));
  const rest = places.length - list.children.length;
  if (!rest) return;
  const more = make("button", { type: "button" }, `Show ${Math.min(rest, PER_PAGE)} more of ${places.length}`);
  more.addEventListener("click", () => {
    const next = list.children.length;
    more.remove();
    grow(list, places, entry, PER_PAGE);
    list.children[next].querySelector("a").focus();
  });
  list.after(more);
}

// ---- The day that is looked at

function number(text) { return Math.round(Date.parse(text + "T00:00:00Z") / DAY); }

function isoDay(day) { return new Date(day * DAY).toISOString().slice(0, 10); }

/** Choose the spell that stands on a day; null if none does. */
function standing(spells, day) {
  let last = null;
  for (const spell of spells) {
    if (spell[0] > day) break;
    last = spell;
  }
  return last && last[1] >= 0 ? last : null;
}

function dayForm(show) {
  const form = document.querySelector("form.day");
  if (!form || !data.spells) return;
  const date = form.querySelector("[type=date]");
  const range = form.querySelector("[type=range]");
  const first = number(form.dataset.first);
  const last = number(form.dataset.last);
  let shown = null; // The rows are written again at first: here they have the age, the source and the doubt.
  function move(day, isKept) {
    if (!Number.isFinite(day)) return;
    const here = Math.max(first, Math.min(last, day));
    if (here !== shown || isKept) show(here);
    shown = here;
    date.value = isoDay(here);
    range.value = String(here - first);
    range.setAttribute("aria-valuetext", isoDay(here));
    if (isKept) keep({ on: isoDay(here) });
  }
  range.addEventListener("input", () => move(first + Number(range.value), true));
  date.addEventListener("change", () => move(number(date.value), true));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => move(number(state().get("on") || ""), false));
  form.hidden = false;
  move(number(state().get("on") || form.dataset.last), false);
}

function standingRows(name, day) {
  const rows = [];
  for (const [holder, spells] of data.spells[name] || []) {
    const spell = standing(spells, day);
    if (spell) rows.push({ name: actor(holder).name, position: position(spell[1]) });
  }
  const rank = (row) => row.position.level ?? -Infinity;
  return rows.sort((a, b) => rank(b) - rank(a) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

/** Return whether a position was last stated before the data cover anything, as `stated_before` in Python. */
function isEarly(position, begins) { return position.stance.latest < begins; }

function issuePage() {
  const body = byId("stand");
  if (!body) return;
  const { issue: name, begins } = document.querySelector("form.day").dataset;
  const before = `last stated before ${begins}, when coverage begins`;
  const group = () => make("tr", {}, make("th", { class: "group", scope: "rowgroup", colspan: 3 }, `L${before.slice(1)}.`));
  dayForm((day) => {
    const rows = standingRows(name, day);
    const entry = (row) => {
      const { stance: from, own, holder, level, name: levelName } = row.position;
      const aside = make("small", {}, `${dated(from.stated)}${aged(from, day)} · ${own ? "own" : "joint"}${doubted(from)} · `, source(from));
      return make("tr", {}, make("th", { scope: "row" }, link(actor(holder))), make("td", {}, chip(from.issue, level, levelName)),
        make("td", {}, from.summary + " ", aside));
    };
    const early = rows.filter((row) => isEarly(row.position, begins));
    const since = rows.filter((row) => !isEarly(row.position, begins));
    body.replaceChildren(...since.map(entry));
    byId("early").replaceChildren(...(early.length ? [group(), ...early.map(entry)] : []));
    const more = early.length ? `, and ${early.length} ${before}` : "";
    byId("tally").textContent = `${since.length} ${since.length === 1 ? "holder" : "holders"} as of ${isoDay(day)}${more}.`;
  });
}

function matrixPage() {
  const table = document.querySelector("table.matrix");
  if (!table) return;
  const columns = data.names.issues.map((row) => new Map(data.spells[row[1] || row[0]] || []));
  const { begins } = document.querySelector("form.day").dataset;
  dayForm((day) => {
    let count = 0;
    for (const row of table.tBodies[0].rows) {
      columns.forEach((spells, index) => {
        const spell = standing(spells.get(Number(row.dataset.n)) || [], day);
        const place = row.cells[index + 1];
        const found = spell && position(spell[1]);
        const early = found && isEarly(found, begins);
        place.className = early ? "early" : found ? style(index, found.level) : "";
        place.replaceChildren();
        if (!found) return;
        count += 1;
        const title = `${found.name || "both sides"}, ${dated(found.stance.stated)}`;
        place.append(make("a", { href: found.stance.address, title }, glyph(found.level, found.name) + (early ? "*" : "")));
      });
    }
    byId("tally").textContent = `${count} positions as of ${isoDay(day)}.`;
  });
}

// ---- The table

const FILTERS = {
  words: (row, value) => matches(row.text, wordsOf(value)),
  holder: (row, value) => [...row.holders, ...row.dissociates].some((n) => actor(n).id === value),
  issue: (row, value) => issue(row.issue).id === value,
  level: (row, value) => String(row.level === null ? "none" : row.level) === value,
  attribution: (row, value) => row.attribution === value,
  confidence: (row, value) => row.confidence === value,
  event: (row, value) => row.event >= 0 && data.names.events[row.event][0] === value,
  from: (row, value) => row.latest >= value,
  to: (row, value) => row.earliest <= value,
};

const ORDERS = {
  "": (a, b) => (a.latest < b.latest ? 1 : a.latest > b.latest ? -1 : 0),
  oldest: (a, b) => (a.earliest < b.earliest ? -1 : a.earliest > b.earliest ? 1 : 0),
  level: (a, b) => (b.level ?? -Infinity) - (a.level ?? -Infinity),
};

function options(select, pairs) {
  const known = [["", "all"], ...pairs.sort((a, b) => (a[1].toLowerCase() < b[1].toLowerCase() ? -1 : 1))];
  select.replaceChildren(...known.map(([value, text]) => make("option", { value }, text)));
}

function fillFilters(form, rows) {
  const distinct = (values) => [...new Set(values)];
  options(form.holder, distinct(rows.flatMap((r) => [...r.holders, ...r.dissociates])).map((n) => [actor(n).id, actor(n).name]));
  options(form.issue, data.names.issues.map(([id, , name]) => [id, name]));
  options(form.event, distinct(rows.map((r) => r.event)).filter((n) => n >= 0).map((n) => [data.names.events[n][0], data.names.events[n][2]]));
  for (const name of ["attribution", "confidence"]) options(form[name], distinct(rows.map((r) => r[name])).map((v) => [v, spaced(v)]));
  const levels = distinct(rows.map((r) => r.level)).sort((a, b) => (b ?? -Infinity) - (a ?? -Infinity));
  form.level.replaceChildren(make("option", { value: "" }, "all"),
    ...levels.map((n) => make("option", { value: n === null ? "none" : n }, n === null ? "ambiguous" : glyph(n, ""))));
}

function holderNodes(row) {
  return separated([...row.holders.map((n) => link(actor(n))),
    ...row.dissociates.map((n) => make("span", {}, link(actor(n)), " (dissociates)"))]);
}

function tableRow(row) {
  return make("tr", {}, make("td", {}, dated(row.stated).replace(/ (and|to) /, "\n$1 ")), make("td", {}, ...holderNodes(row)),
    make("td", {}, link(issue(row.issue))), make("td", {}, chip(row.issue, row.level, row.name)),
    make("td", {}, make("a", { href: row.address }, row.summary)),
    make("td", {}, `${spaced(row.act)} · ${spaced(row.attribution)} · ${row.confidence}`),
    make("td", {}, row.url ? make("a", { href: row.url, rel: "noreferrer" }, row.publisher) : row.publisher));
}

/** Quote a cell; a text that a spreadsheet would run as a formula gets an apostrophe, as exports do. */
function cell(value) {
  const text = typeof value === "number" || value === null ? String(value ?? "") : value.replace(/^[=+\-@\t\r＝＋－＠]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(rows) {
  const head = ["stance_id", "stated_on", "stated_earliest", "stated_latest", "holders", "dissociating", "issue_id", "level",
    "level_name", "act", "attribution", "confidence", "speaker_id", "event_id", "summary", "document_id", "publisher", "url"];
  const ids = (list) => list.map((n) => actor(n).id).join("; ");
  const lines = rows.map((r) => [r.id, r.stated, r.earliest, r.latest, ids(r.holders), ids(r.dissociates), issue(r.issue).id, r.level,
    r.name, r.act, r.attribution, r.confidence, r.speaker < 0 ? "" : actor(r.speaker).id,
    r.event < 0 ? "" : data.names.events[r.event][0], r.summary, r.document, r.publisher, r.url]);
  return [head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function tablePage() {
  const form = byId("filters");
  if (!form || !data.stances) return;
  const rows = data.stances.rows.map((_, n) => stance(n));
  for (const row of rows) row.text = folded([row.summary, row.publisher, row.title, ...row.holders.map((n) => actor(n).name)].join(" "));
  fillFilters(form.elements, rows);
  let page = 0;
  let found = rows;
  function show() {
    const set = Object.keys(FILTERS).filter((name) => form.elements[name].value);
    found = rows.filter((row) => set.every((name) => FILTERS[name](row, form.elements[name].value)));
    found.sort(ORDERS[form.elements.order.value] || ORDERS[""]);
    const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
    page = Math.max(0, Math.min(page, pages - 1));
    byId("found").textContent = `${found.length} of ${rows.length} stances`;
    byId("rows").replaceChildren(...found.slice(page * PER_PAGE, (page + 1) * PER_PAGE).map(tableRow));
    byId("page").textContent = `Page ${page + 1} of ${pages}`;
    byId("before").disabled = page === 0;
    byId("after").disabled = page + 1 >= pages;
  }
  function save() {
    const named = [...Object.keys(FILTERS), "order"].filter((name) => form.elements[name].value);
    keep([...named.map((name) => [name, form.elements[name].value]), ...(page ? [["page", page + 1]] : [])]);
  }
  function restore() {
    const given = state();
    for (const name of [...Object.keys(FILTERS), "order"]) {
      form.elements[name].value = given.get(name) || "";
    }
    page = (Number(given.get("page")) || 1) - 1;
    show();
  }
  function change() { page = 0; show(); save(); }
  function turn(step) { page += step; show(); save(); byId("found").scrollIntoView(); }
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  byId("csv").addEventListener("click", () => download(csv(found), "stances.csv"));
  addEventListener("hashchange", restore);
  restore();
}

// ---- The search

/** Yield what can be found: kind, folded text, and a function that makes its entry. */
function* searchable() {
  for (const [n, row] of data.names.actors.entries())
    yield ["Actors", [row[2], ...row[3]].join(" "), () => [link(actor(n))], row[2]];
  for (const [n, row] of data.names.issues.entries())
    yield ["Issues", `${row[2]} ${row[3]}`, () => [link(issue(n)), ` ${row[3]}`], row[2]];
  for (const [n, [, , name]] of data.names.events.entries())
    yield ["Events", name, () => [eventLink(n)], name];
  for (const [n, [, , title, publisher]] of data.stances.documents.entries())
    yield ["Documents", `${title} ${publisher}`, () => [documentLink(n), make("small", {}, ` ${publisher}`)], title];
  for (const [n, row] of data.stances.rows.entries())
    yield ["Stances", row[13], () => {
      const found = stance(n);
      return [make("a", { href: found.address }, found.summary), make("small", {}, ` ${dated(found.stated)} · `,
        ...separated(found.holders.map((h) => link(actor(h))))), " ", chip(found.issue, found.level, found.name)];
    }, ""];
}

function results(query) {
  const words = wordsOf(query);
  const found = new Map();
  if (!words.length) return found;
  for (const [kind, text, entry, name] of searchable()) {
    if (!matches(folded(text), words)) continue;
    const starts = folded(name).startsWith(words[0]) ? 0 : 1;
    found.set(kind, [...(found.get(kind) || []), { starts, entry }]);
  }
  for (const list of found.values()) list.sort((a, b) => a.starts - b.starts);
  return found;
}

function searchPage() {
  const place = byId("results");
  if (!place || !data.stances) return;
  const input = document.querySelector("header [name=q]");
  function show() {
    const query = state().get("q") || "";
    input.value = query;
    const found = results(query);
    const total = [...found.values()].reduce((sum, list) => sum + list.length, 0);
    byId("found").textContent = wordsOf(query).length ? `${total} found for “${query}”.` : "Type a word: a name, an issue, or a word of a summary.";
    place.replaceChildren(...[...found].flatMap(([kind, list]) => [
      make("h2", {}, `${kind} (${list.length})`),
      make("ul", { class: "list" }, ...list.slice(0, MOST_FOUND).map((item) => make("li", {}, ...item.entry()))),
      list.length > MOST_FOUND ? make("p", { class: "note" }, `The first ${MOST_FOUND}; add a word to find fewer.`) : null,
    ].filter(Boolean)));
  }
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { keep({ q: input.value }); show(); }, 120);
  });
  addEventListener("hashchange", show);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked !== null && !state().has("q")) keep({ q: asked });
  show();
  input.focus();
}

frame();
listings();
issuePage();
matrixPage();
tablePage();
searchPage();
})();
