// Chosen columns as curves: of long tables every n-th row, and all of them in the part that is dragged over.

import uPlot from "/lib/uplot/uPlot.esm.js";
import { choice, color, el, failure, filtered, isNumeric, isTime, json, note, number, query, table } from "./server.js";
const POINTS = 4000;
const LISTED = 200;
const MOST = 6;
const seconds = (text) => Date.parse(text.replace(" ", "T") + (/Z|^.{0,10}$/.test(text) ? "" : "Z")) / 1000;

const toNumber = (cell, time) => {
  const value = cell === null ? NaN : time ? seconds(String(cell)) : Number(cell);
  return Number.isFinite(value) ? value : null;
};

/** A plot in a box, whose size it has; ended by what this answers. */
export function plot(box, names, data, time, select) {
  const lines = { stroke: color("--line"), width: 1 };
  const axis = { stroke: color("--dim"), grid: lines, ticks: lines };
  const size = () => ({ width: Math.max(200, box.clientWidth), height: Math.max(200, Math.min(460, innerHeight - 340)) });
  const series = names.map((label, i) => ({ label, stroke: color(`--s${i + 1}`), width: 1.5, points: { show: data[0].length < 80 } }));
  box.replaceChildren();
  const drawn = new uPlot({ ...size(), scales: { x: { time } }, axes: [axis, { ...axis, size: 64 }],
    series: [{ label: time ? "time" : "at" }, ...series], tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
    cursor: { drag: { setScale: false } }, select: { show: Boolean(select) },
    hooks: { setSelect: [(at) => select && at.select.width > 4 && select(at)] } }, data, box);
  const sizes = new ResizeObserver(() => drawn.setSize(size()));
  sizes.observe(box);
  return () => sizes.disconnect();
}

export function chart(described, closing) {
  const numeric = described.columns.filter(isNumeric);
  if (!numeric.length) return note("No column of this table holds numbers.");
  const times = described.columns.filter(isTime);
  const chosen = new Set([numeric[0].name]);
  const box = el("div", { className: "plot" });
  const told = note();
  const list = el("div", { className: "choices", role: "group", "aria-label": "Columns" });
  const tools = filtered(numeric, LISTED, list, ({ name }) =>
    el("label", {}, el("input", { type: "checkbox", checked: chosen.has(name), onchange: ({ target }) => {
      target.checked &&= chosen.size < MOST;
      chosen[target.checked ? "add" : "delete"](name);
      draw();
    } }), name));
  const across = choice("Across", [["", "row"], ...[...times, ...numeric].slice(0, LISTED).map(({ name }) => [name, name])], () => draw());
  const whole = el("button", { className: "quiet", hidden: true, onclick: () => draw() }, "Whole table");
  tools.prepend(across, whole);
  let last = null;
  async function draw(from = 0, to = described.rows) {
    last?.abort();
    last = new AbortController();
    const { signal } = last;
    const step = Math.max(1, Math.ceil((to - from) / POINTS));
    const x = across.querySelector("select").value;
    const time = times.some(({ name }) => name === x);
    const names = [...chosen];
    const wanted = query({ format: "json-rows", rows: `${from}:${to}`, step });
    new Set([...names, x].filter(Boolean)).forEach((name) => wanted.append("column", name));
    try {
      const { columns, rows } = names.length ? await json(`${table(described.name)}/data?${wanted}`, { signal }) : { columns: [], rows: [] };
      const value = (row, name, asTime) => toNumber(row[columns.indexOf(name)], asTime);
      const points = rows.map((row, i) => ({ row, at: from + i * step, x: x ? value(row, x, time) : from + i * step }))
        .filter((point) => point.x !== null).sort((a, b) => a.x - b.x);
      const data = [points.map((point) => point.x), ...names.map((name) => points.map(({ row }) => value(row, name, false)))];
      closing.run();
      closing.add(plot(box, names, data, time, ({ select: { left, width }, posToIdx }) => {
        const ends = [left, left + width].map((pixel) => points[posToIdx(pixel)]?.at ?? from).sort((a, b) => a - b);
        if (ends[0] < ends[1]) draw(ends[0], Math.min(described.rows, ends[1] + step));
      }));
      whole.hidden = to - from === described.rows;
      told.textContent = `${number(points.length)} points of rows ${number(from)} to ${number(to)}`
        + (step > 1 ? `, one of ${number(step)}. Drag over a part to see more of it.` : ".");
    } catch (problem) {
      if (!signal.aborted) box.replaceChildren(failure(problem));
    }
  }
  requestAnimationFrame(() => draw());
  return el("section", { className: "chart" }, tools, list, box, told);
}
