// The same table for other programs: files to save, and lines to paste.

import { bytes, call, el, failure, note, table, token } from "./server.js";

const HELD = 256e6; // bytes that a tab may hold before it saves them
const FORMS = [["parquet", "Parquet", "parquet"], ["arrow-file", "Arrow file", "arrow"], ["arrow", "Arrow stream", "arrows"],
  ["npz", "NPZ", "npz"], ["csv", "CSV", "csv"], ["json", "JSON lines", "jsonl"]];

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const curl = (url, file) => `curl -f${token() ? ' -H "Authorization: Bearer $TOKEN"' : ""} -o ${quoted(file)} ${quoted(url)}`;

function snippets(url, last) {
  const python = `import os\n\n${token() ? 'headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}' : "headers = {}"}\n`;
  return {
    pandas: `import pandas as pd\n${python}frame = pd.read_parquet(\n    "${url}/data?format=parquet",\n    storage_options=headers)`,
    Polars: `from urllib.request import Request, urlopen\nimport polars as pl\n${python}`
      + `request = Request("${url}/data?format=arrow", headers=headers)\nframe = pl.read_ipc_stream(urlopen(request).read())`,
    DuckDB: `INSTALL httpfs;\nLOAD httpfs;\n${token() ? "CREATE SECRET (TYPE http, BEARER_TOKEN getenv('TOKEN'));\n" : ""}`
      + `SELECT *\nFROM read_parquet('${url.replaceAll("'", "%27")}/data?format=parquet');`,
    Java: `var request = HttpRequest.newBuilder(\n        URI.create("${url}/data?format=arrow"))\n`
      + `${token() ? '    .header("Authorization", "Bearer " + System.getenv("TOKEN"))\n' : ""}    .build();\n`
      + "var body = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body();\n"
      + "try (var reader = new ArrowStreamReader(body, new RootAllocator())) {\n    while (reader.loadNextBatch()) …\n}",
    curl: curl(`${url}/data?format=parquet`, `${last}.parquet`),
  };
}

export function get(described) {
  const url = location.origin + table(described.name);
  const last = described.name.split("/").at(-1);
  const state = el("div");
  const code = el("pre", { tabIndex: 0 });
  const texts = snippets(url, last);
  const tabs = Object.keys(texts).map((name) => el("button", { className: "quiet", onclick: ({ target }) => pick(target) }, name));
  const isTable = described.rows !== undefined;
  const forms = [...(isTable ? FORMS : []).map(([format, title, end]) => [`${url}/data?format=${format}`, title, `${last}.${end}`]),
    [`${location.origin}/files/${encodeURIComponent(described.name)}`, "The file itself", `${last}.${isTable ? described.format : described.members.length > 1 ? "npz" : "npy"}`]];
  const files = forms.map(([from, title, file]) => el("button", { onclick: () => save(from, file, described.bytes, state) }, title));
  function pick(chosen) {
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab === chosen)));
    code.textContent = texts[chosen.textContent];
  }
  pick(tabs[0]);
  return el("section", { className: "get" }, el("h3", {}, "Download"), el("div", { className: "tools" }, ...files), state,
    ...(isTable ? [el("h3", {}, "Read it from"), el("div", { className: "tools" }, ...tabs), code,
      el("div", { className: "tools" }, copier("Copy", () => code.textContent), token() ? copier("Copy the token", token) : null)] : []));
}

const copier = (title, text) => el("button", { className: "quiet", onclick: ({ target }) =>
  navigator.clipboard.writeText(text()).then(() => { target.textContent = "Copied"; }, () => { target.textContent = "Not allowed"; }) }, title);

/** Saves what the server sends; what is too long for a tab is curl's. */
async function save(from, file, size, state) {
  if (size > HELD) {
    state.replaceChildren(note("This is too long for a browser's tab. In a shell:"), el("pre", {}, curl(from, file)));
    return;
  }
  state.replaceChildren(note(`Fetching ${file} …`));
  try {
    const blob = await (await call(from)).blob();
    const href = URL.createObjectURL(blob);
    el("a", { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    state.replaceChildren(note(`${file}: ${bytes(blob.size)} saved`));
  } catch (problem) {
    state.replaceChildren(failure(problem));
  }
}
