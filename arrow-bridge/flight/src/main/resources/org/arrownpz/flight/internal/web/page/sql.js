// A statement, its result in the grid, the place of an error, and an end to what takes too long.

import { call, el, failure, json, note, number } from "./server.js";
import { gridOf } from "./grid.js";
const LIMIT = 10_000;
let statement = "";

/** A table's folder and name. */
const sqlName = (table) => [...table.matchAll(/^(?:(.*)\/)?([^/]*)$/g)][0].slice(1).filter((part) => part !== undefined)
  .map((part) => `"${part.replaceAll('"', '""')}"`).join(".");

/** A random UUID (version 4), also where the page is no secure context. */
function uuid() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  random[6] = (random[6] & 15) | 64;
  random[8] = (random[8] & 63) | 128;
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The line of a statement that is wrong, and a caret below the place. */
function place(sql, position) {
  const start = sql.lastIndexOf("\n", position - 1) + 1;
  return `${sql.slice(start).split("\n")[0]}\n${" ".repeat(Math.max(0, position - start))}^`;
}

export function sqlBox(table, closing) {
  const result = el("div", { className: "result" });
  const told = note();
  const start = table ? `SELECT * FROM ${sqlName(table)} LIMIT 1000` : statement || "SELECT 6 * 7 AS answer";
  const box = el("textarea", { spellcheck: false, rows: 5, "aria-label": "SQL statement", value: start,
    onkeydown: ({ ctrlKey, metaKey, key }) => { if ((ctrlKey || metaKey) && key === "Enter") run(); } });
  const go = el("button", { onclick: () => run() }, "Run");
  const stop = el("button", { className: "quiet", disabled: true, onclick: () => {
    told.textContent = "Cancelling …";
    end(running);
  } }, "Cancel");
  let running = null;
  /** Again until it ends: the server may not know of it yet. */
  const end = (id) => id === running && call(`/sql/${id}`, { method: "DELETE" }).catch(() => setTimeout(end, 200, id));
  async function run() {
    if (running) return;
    statement = box.value;
    running = uuid();
    [go.disabled, stop.disabled, told.textContent] = [true, false, "Running …"];
    closing.run();
    result.replaceChildren();
    const began = performance.now();
    try {
      const { rows, columns, more } = await json(`/sql?limit=${LIMIT}`, { method: "POST", body: JSON.stringify({ sql: statement, parameters: [] }),
        headers: { "Content-Type": "application/json", Accept: "application/json", "Query-Id": running } });
      told.textContent = `${number(rows.length)} rows${more ? ", and more" : ""} in ${Math.round(performance.now() - began)} ms`;
      const load = async (from, to, left, right) => rows.slice(from, to).map((row) => row.slice(left, right));
      result.replaceChildren(gridOf({ rows: rows.length, columns, load }, "Result", closing));
    } catch (problem) {
      told.textContent = "";
      result.replaceChildren(failure(problem));
      if (Number.isInteger(problem.position)) result.append(el("pre", { className: "caret" }, place(statement, problem.position)));
    }
    [go.disabled, stop.disabled, running] = [false, true, null];
  }
  return el("section", { className: "sqlbox" }, box, el("div", { className: "tools" }, go, stop, el("kbd", {}, "Ctrl+Enter"), told), result);
}
