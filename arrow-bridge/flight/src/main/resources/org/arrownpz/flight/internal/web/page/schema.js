// Columns with their bytes, viewed or copied, and the statistics of one.

import { brief, bytes, el, failure, filtered, heads, json, number, query, table } from "./server.js";
const SHOWN = 500;

export function schema(described) {
  const { columns } = described;
  const most = columns.reduce((longest, column) => Math.max(longest, column.bytes ?? 0), 1);
  const rows = el("tbody");
  const tools = filtered(columns, SHOWN, rows, (column) => line(described.name, column, most));
  return el("section", { className: "schema" }, total(described), tools, el("div", { className: "scroll" },
    el("table", {}, heads("Column", "Type", "dtype", "Bytes", "Layout"), rows)));
}

const chip = (layout) => el("span", { className: `chip ${layout}` }, layout);

/** All bytes as one bar: how much is viewed in the file, how much copied. */
function total({ columns, bytes: length }) {
  const sums = { viewed: 0, copied: 0 };
  columns.forEach((column) => { sums[column.layout] += column.bytes ?? 0; });
  const bar = el("div", { className: "total", role: "img", "aria-label": `${bytes(sums.viewed)} viewed, ${bytes(sums.copied)} copied` });
  for (const [layout, value] of Object.entries(sums)) {
    bar.append(el("div", { className: layout }));
    bar.lastChild.style.flexGrow = value;
  }
  return el("div", {}, bar, el("p", { className: "legend" }, chip("viewed"), `${bytes(sums.viewed)} in place, not copied`,
    chip("copied"), `${bytes(sums.copied)} converted when read`, el("span", {}, `file ${bytes(length)}`)));
}

/** A column, and its statistics below once they are asked for. */
function line(name, column, most) {
  const bar = el("div", { className: `size ${column.layout}` });
  bar.style.width = `${(100 * (column.bytes ?? 0)) / most}%`;
  const cell = el("td", { colSpan: 5, className: "stats" });
  const below = el("tr", { hidden: true }, cell);
  const open = el("button", { className: "link", ariaExpanded: "false", onclick: async () => {
    below.hidden = !below.hidden;
    open.ariaExpanded = String(!below.hidden);
    if (cell.hasChildNodes()) return;
    cell.append("Reading …");
    cell.replaceChildren(await json(`${table(name)}/stats?${query({ column: column.name })}`).then(statistics, failure));
  } }, column.name || "(no name)");
  return [el("tr", {}, el("td", {}, open), el("td", {}, brief(column.type), el("small", {}, column.nullable ? "" : " not null")),
    el("td", {}, el("code", {}, column.dtype ?? "")), el("td", { className: "bytes" }, bytes(column.bytes), bar),
    el("td", {}, chip(column.layout), el("small", {}, ` ${column.reason ?? ""}`))), below];
}

const FACTS = { count: "Rows", nulls: "Nulls", nan: "NaN", distinct: "Distinct", min: "Min", max: "Max", mean: "Mean", std: "Std" };
const short = (value) => (Number.isInteger(value) ? number(value) : typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value));

function statistics(told) {
  const facts = Object.entries(FACTS).filter(([key]) => (told[key] ?? null) !== null)
    .map(([key, title]) => el("div", {}, el("dt", {}, title), el("dd", {}, short(told[key]))));
  return el("div", { className: "statistics" }, el("dl", { className: "facts" }, ...facts), told.histogram ? histogram(told.histogram) : null,
    told.top?.length ? el("ol", { className: "top", "aria-label": "Most frequent values" }, ...told.top.slice(0, 8).map(({ value, count }) =>
      el("li", {}, el("span", {}, String(value)), el("small", {}, number(count))))) : null);
}

function histogram({ edges, counts }) {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    const bar = el("div", { title: `${short(edges[i])} to ${short(edges[i + 1])}: ${number(count)}` });
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  return el("figure", { className: "histogram", role: "img", "aria-label": `Histogram of ${counts.length} bins` },
    el("div", { className: "bars" }, ...bars), el("figcaption", {}, el("span", {}, short(edges[0])), el("span", {}, short(edges.at(-1)))));
}
