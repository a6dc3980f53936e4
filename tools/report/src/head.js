// head.js - what the page is about, in one glance: title, what may be done with it, the total.
import {element} from "./dom.js";
import {about, range} from "./format.js";

function internalBanner(data) {
  return data.internal
    ? element("p", {class: "banner", role: "note"}, "INTERNAL: shows where strikes were reported, in full resolution. Not for publication.")
    : null;
}

function headline(data) {
  if (data.mostly_alleged) {
    return element("p", {class: "headline"}, "No headline: most of the expected duds come from strikes that are only alleged.");
  }
  const total = data.rows[data.rows.length - 1];
  if (!(total.duds_mean > 0)) {
    return element("p", {class: "headline"}, "No headline: no realisation put a dud from a listed strike here. That does not say that there is none.");
  }
  const some = (mean) => `${mean < 1 ? "on average" : "about"} ${about(mean)}`;
  const parts = [`Modelled, not surveyed: ${some(total.duds_mean)} duds (90 % interval ${range(total.duds_p05, total.duds_p95)}) remain from the listed strikes up to ${data.as_of}`];
  if (total.people_affected_mean !== undefined && total.people_affected_mean !== null) {
    parts.push(`; ${some(total.people_affected_mean)} people live on ground that expects duds`);
  }
  if (total.accidents_year1_mean !== undefined && total.accidents_year1_mean !== null) {
    parts.push(`; ${some(total.accidents_year1_mean)} accidents in the first year after people's return (90 % interval ${range(total.accidents_year1_p05, total.accidents_year1_p95)})`);
  }
  return element("p", {class: "headline"}, `${parts.join("")}.`);
}

function facts(data) {
  const intact = data.intact_carriers > 0 ? ` About ${about(data.intact_carriers)} carriers that did not open, with about ${about(data.intact_submunitions)} submunitions, are not among them.` : "";
  return element("p", {}, `From ${data.realisations.toLocaleString("en")} realisations (${data.estimator}).${intact}`);
}

export function headOf(data) {
  const kind = data.internal
    ? "Cells and strikes as computed."
    : `For the public: cells of ${about(data.grid.cell_size_m)} m${data.grid.computed_cell_size_m < data.grid.cell_size_m ? ` (computed on ${about(data.grid.computed_cell_size_m)} m)` : ""}, no strike positions.`;
  const names = data.left_out.map((name) => name.replace(/_/g, " "));
  const left = names.length ? ` Left out, because it cannot be had for larger cells: ${names.join(", ")}.` : "";
  return [internalBanner(data), element("h1", {dir: "auto"}, data.title ?? "Result"), headline(data),
    element("p", {class: "sentence"}, data.sentence), facts(data), element("p", {class: "note"}, kind + left)].filter(Boolean);
}
