// Requests with the token, errors as the server tells them, and elements whose text is never HTML.

const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (code) {
  history.replaceState(null, "", location.pathname);
  const answer = await fetch("/session", { headers: { Authorization: `Bearer ${code}` } });
  if (answer.ok) sessionStorage.setItem("token", (await answer.json()).token);
}

export const token = () => sessionStorage.getItem("token") ?? "";

/** Asks for a token, and begins anew with it. */
function login() {
  const dialog = document.getElementById("login");
  dialog.onclose = () => {
    sessionStorage.setItem("token", document.getElementById("token").value.trim());
    location.reload();
  };
  if (!dialog.open) dialog.showModal();
  return new Promise(() => {});
}

/** An answer of the server; an error has what RFC 9457 tells: message, code, member, position. */
export async function call(path, options = {}) {
  const secret = token() ? { Authorization: `Bearer ${token()}` } : {};
  const answer = await fetch(path, { ...options, headers: { ...options.headers, ...secret } });
  if (answer.ok) return answer;
  if (answer.status === 401) return login();
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(told.detail ?? told.title ?? `The server answered ${answer.status}`), told);
}

export const json = async (path, options) => (await call(path, options)).json();
export const table = (name) => `/tables/${encodeURIComponent(name)}`;
export const query = (facts) => new URLSearchParams(Object.entries(facts).filter(([, value]) => value !== undefined));

/** An element with properties (listeners, too), attributes (of a dash, and role) and children: nodes or text. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const note = (...text) => el("p", { className: "note", role: "status" }, ...text);
export const failure = (problem) => el("div", { className: "failure", role: "alert" },
  el("strong", {}, problem.code ?? "Error"), ` ${problem.member ? `${problem.member}: ` : ""}${problem.message}`);
export const choice = (label, options, onchange) => el("label", {}, `${label} `,
  el("select", { onchange }, ...options.map(([value, text]) => el("option", { value }, text))));
export const heads = (...names) => el("thead", {}, el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name))));

/** A field that filters columns by name, above so many of them as a page holds; show makes the elements of one. */
export function filtered(columns, most, box, show) {
  const told = note();
  const field = el("input", { type: "search", placeholder: "Filter columns", "aria-label": "Filter columns", hidden: columns.length < 12,
    oninput: settled(150, () => list()) });
  const list = () => {
    const found = columns.filter((column) => column.name.toLowerCase().includes(field.value.toLowerCase()));
    told.textContent = found.length > most ? `${number(most)} of ${number(found.length)} columns` : "";
    box.replaceChildren(...found.slice(0, most).flatMap(show));
  };
  list();
  return el("div", { className: "tools" }, field, told);
}

/** A function that runs once its calls pause. */
export function settled(millis, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, millis);
  };
}

export const number = (value) => Number(value).toLocaleString("en");
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export function bytes(value) {
  if (value === undefined || value === null) return "";
  const power = value < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${power && scaled < 100 ? scaled.toPrecision(3) : Math.round(scaled)} ${["B", "kB", "MB", "GB", "TB", "PB"][power]}`;
}

export const isNumeric = ({ type }) => /^(u?int\d|int\(|float|decimal|[<>|=]?[fiu]\d)/i.test(type);
export const isTime = ({ type }) => /^(timestamp|date)/i.test(type);
const UNITS = { SECOND: "s", MILLISECOND: "ms", MICROSECOND: "µs", NANOSECOND: "ns", HALF: 16, SINGLE: 32, DOUBLE: 64 };

/** Arrow's name of a type, shorter. */
export const brief = (type) => type.replace(/^Int\((\d+), (\w+)\)$/, (_, bits, signed) => `${signed === "true" ? "" : "u"}int${bits}`)
  .replace(/^FloatingPoint\((\w+)\)$/, (_, bits) => `float${UNITS[bits]}`)
  .replace(/^Timestamp\((\w+), (.+)\)$/, (_, unit, zone) => `timestamp[${UNITS[unit]}${zone === "null" ? "" : `, ${zone}`}]`);
