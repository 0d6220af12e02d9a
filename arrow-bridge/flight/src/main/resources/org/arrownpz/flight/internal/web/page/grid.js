// A table of any size: the cells in sight are elements, windows of rows and columns come when they are seen.

import { brief, el, failure, isNumeric, isTime, number, settled } from "./server.js";

const [ROW, HEAD] = [28, 44]; // pixels
const [BLOCK_ROWS, BLOCK_COLUMNS, KEPT_BLOCKS] = [100, 32, 64];
const LONGEST = 8_000_000; // pixels that every browser scrolls through

/** One direction: places among all pixels, and those of a scroll bar that has less of them. */
class Axis {
  constructor(count, start, find) {
    Object.assign(this, { count, start, total: start(count), at: 0, bar: 0, view: 0 });
    this.find = (at) => Math.max(0, Math.min(count - 1, find(at)));
    this.length = Math.min(this.total, LONGEST);
  }

  get end() { return Math.max(0, this.total - this.view); }
  get ratio() { return this.total === this.length ? 1 : this.end / (this.length - this.view); }
  get range() { return this.count ? [this.find(this.at), this.find(this.at + this.view) + 1] : [0, 0]; }

  move(at) { this.at = Math.max(0, Math.min(this.end, at)); }

  /** A wheel moves by pixels, the bar's handle by parts of the whole. */
  scrolled(bar) {
    const step = bar - this.bar;
    this.bar = bar;
    this.move(this.ratio === 1 || Math.abs(step) > this.view ? bar * this.ratio : this.at + step);
  }

  /** The bar's place, which leaves room to scroll to both ends. */
  place() {
    const near = Math.min(this.at, this.view);
    const left = Math.min(this.end - this.at, this.view);
    return Math.max(near, Math.min(this.at / this.ratio, this.length - this.view - left));
  }

  reveal(index) {
    this.move(Math.min(this.start(index), Math.max(this.at, this.start(index + 1) - this.view)));
  }
}

function columnAxis(columns) {
  const starts = new Float64Array(columns.length + 1);
  columns.forEach((column, i) => {
    const values = isTime(column) ? (/nano|micro/i.test(column.type) ? 250 : 180) : isNumeric(column) ? (/f/i.test(column.type) ? 156 : 112) : 150;
    starts[i + 1] = starts[i] + Math.min(280, Math.max(values, column.name.length * 8 + 24));
  });
  return new Axis(columns.length, (i) => starts[i], (at) => starts.findLastIndex((start) => start <= at));
}

/** Gives a node so many children. */
function many(node, count) {
  while (node.childElementCount < count) node.append(el("div"));
  while (node.childElementCount > count) node.lastChild.remove();
}

/** Shows a source in a box: rows, columns [{name, type}], load(rows from, to, columns from, to, signal) → rows of cells. */
export function gridOf(source, label, closing) {
  const grid = new Grid(source, label);
  closing.add(() => grid.close());
  return grid.root;
}

class Grid {
  constructor(source, label) {
    Object.assign(this, { source, blocks: new Map(), waiting: new Map(), row: 0, column: 0 });
    this.rows = new Axis(source.rows, (i) => i * ROW, (at) => Math.floor(at / ROW));
    this.columns = columnAxis(source.columns);
    this.gutter = number(source.rows).length * 8 + 24;
    this.pane = el("div", { className: "pane", role: "presentation" });
    this.sizer = el("div", { className: "sizer", role: "presentation" }, this.pane);
    this.view = el("div", { className: "grid", tabIndex: 0, role: "grid", "aria-label": label, "aria-activedescendant": "active-cell", "aria-rowcount": source.rows + 1,
      "aria-colcount": source.columns.length + 1, onscroll: () => this.scroll(), onkeydown: (event) => this.key(event),
      onclick: ({ target: { dataset } }) => dataset.column && this.go(Number(dataset.row), Number(dataset.column)) }, this.sizer);
    this.cell = el("output", { className: "cell" });
    this.jump = el("input", { type: "number", min: 0, max: Math.max(0, source.rows - 1), value: 0,
      onchange: () => this.go(Number(this.jump.value) || 0, this.column, true) });
    this.root = el("section", { className: "gridbox" }, this.view, el("footer", {},
      el("span", {}, `${number(source.rows)} rows × ${number(source.columns.length)} columns`),
      el("label", {}, "Go to row ", this.jump), this.cell));
    this.fetchSoon = settled(40, () => this.fetch());
    this.placeSoon = settled(150, () => this.place());
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.view);
  }

  close() {
    this.sizes.disconnect();
    this.waiting.forEach((abort) => abort.abort());
  }

  resize() {
    const { view, pane, sizer, rows, columns, gutter } = this;
    const size = (node, across, down) => Object.assign(node.style, { width: `${across}px`, height: `${down}px` });
    size(pane, 0, 0); // so that it calls for no scroll bar itself
    size(sizer, gutter + columns.length, HEAD + rows.length);
    size(pane, view.clientWidth, view.clientHeight);
    rows.view = Math.max(0, view.clientHeight - HEAD);
    columns.view = Math.max(0, view.clientWidth - gutter);
    rows.move(rows.at);
    columns.move(columns.at);
    this.draw();
  }

  scroll() {
    this.rows.scrolled(this.view.scrollTop);
    this.columns.scrolled(this.view.scrollLeft);
    this.draw();
    this.placeSoon();
  }

  /** Puts the scroll bars where the cells are. */
  place() {
    [this.view.scrollTop, this.view.scrollLeft] = [this.rows.place(), this.columns.place()];
    [this.rows.bar, this.columns.bar] = [this.view.scrollTop, this.view.scrollLeft];
  }

  go(row, column, top = false) {
    if (!this.rows.count || !this.columns.count) return;
    this.row = Math.max(0, Math.min(this.rows.count - 1, row));
    this.column = Math.max(0, Math.min(this.columns.count - 1, column));
    if (top) this.rows.move(this.row * ROW);
    this.rows.reveal(this.row);
    this.columns.reveal(this.column);
    this.place();
    this.draw();
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.rows.view / ROW) - 1);
    const far = event.ctrlKey || event.metaKey ? Infinity : 0;
    const steps = { ArrowDown: [far || 1, 0], ArrowUp: [-far || -1, 0], ArrowRight: [0, far || 1], ArrowLeft: [0, -far || -1],
      PageDown: [page, 0], PageUp: [-page, 0], Home: [-far, -Infinity], End: [far, Infinity] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.go(this.row + step[0], this.column + step[1]);
  }

  /** The value of a cell, or undefined before it came. */
  value(row, column) {
    const block = this.blocks.get(`${Math.floor(row / BLOCK_ROWS)}:${Math.floor(column / BLOCK_COLUMNS)}`);
    return block?.[row % BLOCK_ROWS]?.[column % BLOCK_COLUMNS];
  }

  draw() {
    const [top, bottom] = this.rows.range;
    const [left, right] = this.columns.range;
    many(this.pane, bottom - top + 1);
    [...this.pane.children].forEach((line, i) => this.line(line, i === 0 ? -1 : top + i - 1, left, right));
    const value = this.value(this.row, this.column);
    this.cell.value = value === undefined ? "" : `${number(this.row)} · ${this.source.columns[this.column].name} = ${value}`;
    this.fetchSoon();
  }

  /** One row of cells, or the heads where the row is −1. */
  line(line, row, left, right) {
    const isHead = row < 0;
    line.className = isHead ? "row head" : row % 2 ? "row odd" : "row";
    line.style.transform = isHead ? "" : `translateY(${HEAD + this.rows.start(row) - this.rows.at}px)`;
    line.role = "row";
    line.ariaRowIndex = row + 2;
    many(line, right - left + 1);
    const [first, ...cells] = line.children;
    Object.assign(first, { className: "number", role: isHead ? "columnheader" : "rowheader", textContent: isHead ? "" : number(row) });
    first.style.width = `${this.gutter}px`;
    cells.forEach((cell, i) => this.fill(cell, row, left + i));
  }

  fill(cell, row, column) {
    const described = this.source.columns[column];
    const value = row < 0 ? described.name : this.value(row, column);
    const active = column === this.column && row === this.row;
    const classes = [isNumeric(described) ? "right" : "", active ? "active" : "", row < 0 && column === this.column ? "active" : "",
      value === null ? "null" : value === undefined ? "wait" : ""];
    Object.assign(cell, { className: classes.join(" "), id: active ? "active-cell" : "", role: row < 0 ? "columnheader" : "gridcell",
      ariaColIndex: column + 2 });
    cell.style.width = `${this.columns.start(column + 1) - this.columns.start(column)}px`;
    cell.style.transform = `translateX(${this.gutter + this.columns.start(column) - this.columns.at}px)`;
    if (row < 0) cell.replaceChildren(el("b", { title: value }, value), el("small", {}, brief(described.type ?? "")));
    else Object.assign(cell.dataset, { row, column });
    if (row >= 0) cell.textContent = value === null ? "null" : value ?? "";
  }

  /** Asks for the blocks in sight, and gives up those that are no longer. */
  fetch() {
    const [[top, bottom], [left, right]] = [this.rows.range, this.columns.range];
    const wanted = new Set();
    for (let r = Math.floor(top / BLOCK_ROWS); r * BLOCK_ROWS < bottom; r++) {
      for (let c = Math.floor(left / BLOCK_COLUMNS); c * BLOCK_COLUMNS < right; c++) wanted.add(`${r}:${c}`);
    }
    this.waiting.forEach((abort, key) => wanted.has(key) || abort.abort());
    wanted.forEach((key) => this.blocks.has(key) || this.waiting.has(key) || this.load(key, ...key.split(":").map(Number)));
  }

  async load(key, row, column) {
    const abort = new AbortController();
    this.waiting.set(key, abort);
    const [from, left] = [row * BLOCK_ROWS, column * BLOCK_COLUMNS];
    const [to, right] = [Math.min(this.rows.count, from + BLOCK_ROWS), Math.min(this.columns.count, left + BLOCK_COLUMNS)];
    try {
      this.blocks.set(key, await this.source.load(from, to, left, right, abort.signal));
      if (this.blocks.size > KEPT_BLOCKS) this.blocks.delete(this.blocks.keys().next().value);
      this.waiting.delete(key);
      this.draw();
    } catch (problem) {
      this.waiting.delete(key);
      if (!abort.signal.aborted) this.root.replaceChildren(failure(problem));
    }
  }
}
