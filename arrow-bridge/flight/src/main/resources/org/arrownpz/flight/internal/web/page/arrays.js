// Arrays as they are: a curve of one dimension, a heat map of two, an image, and their values.

import { bytes, call, choice, el, failure, heads, json, note, number, query, table } from "./server.js";
import { gridOf } from "./grid.js";
import { plot } from "./chart.js";
const VIRIDIS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const WIDEST = 560;
const title = ({ name }) => name.replace(/\.npy$/, "") || "the array";
const spell = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);
const isImage = ({ dtype, shape }) => /u1|uint8/.test(dtype) && shape.length >= 2;
const isColors = ({ shape }) => shape.length >= 3 && shape.at(-1) === 3;

export function arrays(described, closing) {
  const view = el("div", { className: "array" });
  const rows = described.members.filter((member) => member.shape).map((member) => el("tr", {},
    el("td", {}, el("button", { className: "link", onclick: ({ target }) => open(member, target) }, title(member))),
    el("td", {}, el("code", {}, member.dtype)), el("td", {}, el("code", {}, spell(member.shape))),
    el("td", {}, member.order), el("td", { className: "bytes" }, bytes(member.bytes))));
  const open = (member, button) => {
    rows.forEach((row) => row.classList.toggle("chosen", row.contains(button)));
    view.replaceChildren(pictures(described.name, member, closing));
  };
  rows[0].querySelector("button").click();
  return el("section", {}, el("div", { className: "scroll members" }, el("table", {},
    heads("Array", "dtype", "Shape", "Order", "Bytes"), el("tbody", {}, ...rows))), view);
}

/** One array: which of its planes, seen how. */
function pictures(name, member, closing) {
  const path = `${table(name)}/arrays/${encodeURIComponent(member.name)}`;
  const { shape } = member;
  const forms = [isImage(member) && ["image", "image"], shape.length > 1 && ["map", "heat map"], shape.length === 1 && ["curve", "curve"],
    ["values", "values"]].filter(Boolean);
  const stage = el("div", { className: "stage" });
  const form = choice("As", forms, () => draw());
  const indexes = shape.slice(0, -2).map((length, i) => el("input", { type: "number", min: 0, max: length - 1, value: 0,
    "aria-label": `Index ${i}, below ${length}`, onchange: () => draw() }));
  async function draw() {
    const as = form.querySelector("select").value;
    const used = as === "image" && isColors(member) ? indexes.slice(0, -1) : indexes;
    indexes.forEach((input) => { input.disabled = !used.includes(input); });
    const index = used.map((input) => input.value).join(",") || undefined;
    closing.run();
    try {
      if (as === "image") stage.replaceChildren(await image(`${path}/image?${query({ index })}`, member));
      else if (as === "values") stage.replaceChildren(values(path, member, index, closing));
      else if (as === "map") stage.replaceChildren(...heatMap((await json(`${path}?${query({ index })}`)).values));
      else curve(stage, await json(path), member, closing);
    } catch (problem) {
      stage.replaceChildren(failure(problem));
    }
  }
  requestAnimationFrame(draw);
  return el("div", {}, el("div", { className: "tools" }, el("h3", {}, title(member), el("small", {}, ` ${member.dtype} ${spell(shape)}`)), form,
    indexes.length ? el("label", {}, "Index ", ...indexes) : null), stage);
}

async function image(path, member) {
  const src = URL.createObjectURL(await (await call(path)).blob());
  const shown = el("img", { className: "picture", alt: title(member), src, onload: () => URL.revokeObjectURL(src) });
  return fit(shown, ...member.shape.slice(isColors(member) ? -3 : -2).slice(0, 2));
}

/** Sets the size of a picture: whole pixels of the array, large enough to see. */
function fit(node, height, width) {
  const scale = Math.max(Math.min(WIDEST / width, Math.max(200, innerHeight - 480) / height), 1 / Math.max(1, height / 2000));
  Object.assign(node.style, { width: `${Math.max(2, width * scale)}px`, aspectRatio: `${width} / ${height}` });
  return node;
}

const finite = (value) => (value === null || !Number.isFinite(Number(value)) ? NaN : Number(value));

function curve(stage, told, member, closing) {
  const numbers = told.values.flat().map(finite);
  const step = Number([told.step].flat()[0] ?? 1);
  const box = el("div", { className: "plot" });
  stage.replaceChildren(box, note(step > 1 ? `One of ${number(step)} values.` : ""));
  closing.add(plot(box, [title(member)], [numbers.map((_, i) => i * step), numbers.map((value) => (Number.isNaN(value) ? null : value))], false));
}

function heatMap(values) {
  const [height, width] = [values.length, values[0]?.length ?? 0];
  if (!height || !width) return [note("The array is empty.")];
  const numbers = values.flat().map(finite);
  const [low, high] = numbers.reduce(([a, b], value) => [value < a ? value : a, value > b ? value : b], [Infinity, -Infinity]);
  const canvas = el("canvas", { width, height, className: "picture", role: "img",
    "aria-label": `Heat map of ${height} × ${width} values, ${low} to ${high}` });
  const paper = canvas.getContext("2d");
  const pixels = paper.createImageData(width, height);
  numbers.forEach((value, i) => Number.isNaN(value) || pixels.data.set([...shade((value - low) / (high - low || 1)), 255], i * 4));
  paper.putImageData(pixels, 0, 0);
  const told = el("output");
  canvas.onmousemove = ({ offsetX, offsetY }) => {
    const [row, column] = [Math.floor((offsetY * height) / canvas.clientHeight), Math.floor((offsetX * width) / canvas.clientWidth)];
    told.value = `[${row}, ${column}] = ${values[row]?.[column] ?? ""}`;
  };
  return [fit(canvas, height, width), el("p", { className: "legend" }, String(low), el("span", { className: "ramp" }), String(high), told)];
}

function shade(part) {
  const at = Math.min(VIRIDIS.length - 1.0001, part * (VIRIDIS.length - 1));
  const [from, to] = VIRIDIS.slice(Math.floor(at), Math.floor(at) + 2);
  return from.map((value, i) => value + (to[i] - value) * (at % 1));
}

function values(path, { name, dtype, shape }, index, closing) {
  const [rows, width] = shape.length > 1 ? shape.slice(-2) : [shape[0] ?? 1, 1];
  const load = async (from, to, left, right, signal) => {
    const told = await json(`${path}?${query({ rows: `${from}:${to}`, cols: `${left}:${right}`, index })}`, { signal });
    return shape.length > 1 ? told.values : told.values.flat().map((value) => [value]);
  };
  return gridOf({ rows, columns: Array.from({ length: width }, (_, i) => ({ name: String(i), type: dtype })), load }, name, closing);
}
