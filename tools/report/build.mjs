// build.mjs - bundles the page's script and style into dist/ (or the folder given) with the licences of what is in it.
//   npm ci && node build.mjs [FOLDER]
import {build} from "esbuild";
import {readFileSync, readdirSync, mkdirSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "dist"));

const made = await build({
  absWorkingDir: here,
  entryPoints: {report: "src/main.js"},
  outdir: folder,
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  loader: {".png": "dataurl"},
});

// Packages of which something is in the bundle, by name.
const packages = new Set();
for (const name of Object.values(made.metafile.outputs).flatMap((output) =>
  Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0).map(([path]) => path))) {
  const found = name.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) {
    packages.add(found[1]);
  }
}

function licenceOf(name) {
  const root = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = readdirSync(root).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  if (!file) {
    throw new Error(`${name} comes without a licence`);
  }
  return {head: `${name} ${about.version} (${about.license})`, text: readFileSync(join(root, file), "utf8").trim()};
}

// Many d3 packages have one text: it stands once, under all their names.
const byText = new Map();
for (const name of [...packages].sort()) {
  const {head, text} = licenceOf(name);
  byText.set(text, [...(byText.get(text) ?? []), head]);
}
const licences = [...byText].map(([text, heads]) => `${heads.join("\n")}\n\n${text}\n`).join(`\n${"-".repeat(78)}\n\n`);
mkdirSync(folder, {recursive: true});
writeFileSync(join(folder, "LICENCES.txt"), licences.replace(/\r/g, "").replace(/&/g, "&amp;").replace(/</g, "&lt;"));
