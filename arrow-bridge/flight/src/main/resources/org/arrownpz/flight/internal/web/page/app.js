// The list of files, and one of them: #NAME/VIEW, or #/sql.

import { bytes, el, failure, json, note, number, query, settled, table } from "./server.js";
import { gridOf } from "./grid.js";
import { schema } from "./schema.js";
import { chart } from "./chart.js";
import { arrays } from "./arrays.js";
import { sqlBox } from "./sql.js";
import { get } from "./get.js";
const [main, list, search, more, menu, count] = ["main", "list", "search", "more", "menu", "count"].map((id) => document.getElementById(id));

/** What ends with the view that is shown. */
const actions = [];
const closing = { add: (action) => actions.push(action), run: () => actions.splice(0).forEach((action) => action()) };
const address = (name, view) => `#${encodeURIComponent(name)}${view ? `/${view}` : ""}`;
const shownName = () => decodeURIComponent(location.hash.slice(1).split("/")[0]);

function entry(file) {
  const size = file.rows === undefined ? "" : `${number(file.rows)} × ${number(file.columns)} · `;
  return el("li", {}, el("a", { href: address(file.name) }, el("span", { className: "name", title: file.name }, file.name),
    el("small", { className: file.format === "unreadable" ? "bad" : "" }, `${file.format} · ${size}${bytes(file.bytes)}`)));
}

async function find(offset = 0) {
  const wanted = search.value;
  try {
    const found = await json(`/tables?${query({ search: wanted || undefined, offset, limit: 200 })}`);
    if (wanted !== search.value) return;
    list.replaceChildren(...(offset ? list.children : []), ...found.tables.map(entry));
    count.textContent = `${number(found.total)} ${found.total === 1 ? "file" : "files"}`;
    more.hidden = list.childElementCount >= found.total;
    const first = found.tables.find((file) => file.format !== "unreadable") ?? found.tables[0];
    if (!location.hash && first && !wanted) location.replace(address(first.name));
    mark();
  } catch (problem) {
    list.replaceChildren(failure(problem));
  }
}

function mark() {
  const here = location.hash.startsWith("#/") ? location.hash : location.hash.split("/")[0];
  document.querySelectorAll("#list a, a.sql").forEach((link) => { link.ariaCurrent = link.hash === here ? "page" : null; });
}

function grid(file) {
  const load = async (from, to, left, right, signal) => (await json(`${table(file.name)}/data?${
    query({ format: "json-rows", rows: `${from}:${to}`, cols: `${left}:${right}` })}`, { signal })).rows;
  return gridOf({ rows: file.rows, columns: file.columns, load }, file.name, closing);
}

const isTable = (file) => file.rows !== undefined;
const VIEWS = {
  table: ["Table", isTable, grid], schema: ["Schema", isTable, schema], chart: ["Chart", isTable, chart],
  arrays: ["Arrays", (file) => file.members.some((member) => member.shape), arrays],
  sql: ["SQL", isTable, (file) => sqlBox(file.name, closing)], get: ["Get", () => true, get],
};
let described = null;

async function show() {
  menu.ariaExpanded = "false";
  closing.run();
  mark();
  const name = shownName();
  document.title = `${name || "SQL"} · arrow-npz`;
  if (location.hash === "#/sql") main.replaceChildren(el("h1", {}, "SQL"), sqlBox("", closing));
  if (!name) return;
  try {
    if (described?.name !== name) {
      main.replaceChildren(el("h1", {}, name), note("Opening …"));
      const told = await json(table(name));
      if (shownName() !== name) return;
      described = { ...told, name };
    }
    const views = Object.entries(VIEWS).filter(([, [, fits]]) => fits(described));
    const wanted = location.hash.split("/")[1];
    const [view, [, , make]] = views.find(([key]) => key === wanted) ?? views[0];
    const links = views.map(([key, [title]]) => el("a", { href: address(name, key), ariaCurrent: key === view ? "page" : null }, title));
    main.replaceChildren(el("h1", {}, name, " ", el("small", {}, facts(described))),
      el("nav", { className: "views", "aria-label": "Views" }, ...links), make(described, closing));
  } catch (problem) {
    main.replaceChildren(el("h1", {}, name), failure(problem));
  }
}

const facts = (file) => `${file.format} · ${isTable(file) ? `${number(file.rows)} rows · ${number(file.columns.length)} columns`
  : `${number(file.members.length)} ${file.members.length === 1 ? "array" : "arrays"}`} · ${bytes(file.bytes)}`;

menu.addEventListener("click", () => { menu.ariaExpanded = String(menu.ariaExpanded !== "true"); });
search.addEventListener("input", settled(200, () => find()));
more.addEventListener("click", () => find(list.childElementCount));
addEventListener("hashchange", show);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
find();
show();
