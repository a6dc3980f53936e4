// provenance.js - how it was made: program, inputs, sources; with --internal the reports of strikes.
import {element, scroller, section} from "./dom.js";
import {about} from "./format.js";

function table(label, caption, head, rows) {
  return rows.length ? scroller(label, element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...head.map((text) => element("th", {scope: "col"}, text)))),
    element("tbody", {}, ...rows.map(([first, ...rest]) => element("tr", {}, element("th", {scope: "row", class: "long", dir: "auto"}, first), ...rest.map((text) => element("td", {class: "long", dir: "auto"}, text))))))) : null;
}

function facts(data) {
  const {versions} = data.provenance;
  const grid = data.grid;
  return [
    ["Program", `uxosim ${versions.uxosim_version ?? ""}, commit ${versions.uxosim_commit ?? "unknown"}`],
    ["With", Object.entries(versions).filter(([name]) => !name.startsWith("uxosim")).map(([name, text]) => `${name.replace("_version", "")} ${text}`).join(", ")],
    ["Strikes up to", data.as_of],
    ["Realisations", `${data.realisations.toLocaleString("en")}, estimator ${data.estimator}${data.seed === undefined ? "" : `, seed ${data.seedText}`}`],
    ["Maps", data.map_method],
    ["Expected duds", `${about(data.expected_duds)} in closed form, ${about(data.simulated_duds_mean)} simulated (mean)`],
    ["Grid", `${grid.nx} × ${grid.ny} cells of ${about(grid.cell_size_m)} m, computed on ${about(grid.computed_cell_size_m)} m; ${grid.crs ?? ""}`],
    ["Values on the map", "read back within 2.3 % of the result's; exact ones come from uxosim export"],
    ["The run's check of itself", data.self_check],
    ["Public copy", data.redacted],
    ["SHA-256 of the public copy", data.provenance.copy_sha256],
    ["SHA-256 of the result", data.provenance.result_sha256],
  ].filter(([, text]) => text);
}

export function provenanceSection(data) {
  const {inputs, sources} = data.provenance;
  return section("provenance", "How it was made",
    element("dl", {}, ...facts(data).flatMap(([name, text]) => [element("dt", {}, name), element("dd", {class: "long"}, text)])),
    table("Inputs", "Inputs, by SHA-256.", ["What", "File", "SHA-256"], inputs.map((each) => [each.role, each.name, each.sha256])),
    table("Sources of the catalogue", "Sources of the munitions' numbers.", ["Munition", "Number", "Source", "From"], sources.map((each) => [each.munition, each.number, each.text, each.origin])));
}

export function strikeSection(data) {
  return data.internal && data.strikes?.length ? section("strikes", "INTERNAL: reported strikes",
    table("Reported strikes", "INTERNAL, not for publication. Places in metres of the grid's system.", ["Report", "Day", "Status", "Evidence", "Error of place", "x, y", "Source"],
      data.strikes.map((each) => [each.id, each.date, each.status, each.evidence, each.location_error, `${Math.round(each.x_m)}, ${Math.round(each.y_m)}`, each.source]))) : null;
}
