// main.js - puts the page together from its block of JSON.
import "./style.css";
import {curveSection, intervalSection, spreadSection} from "./charts.js";
import {element, nameOf, section} from "./dom.js";
import {headOf} from "./head.js";
import {ledgerSection} from "./ledger.js";
import {layersOf} from "./layers.js";
import {ReportMap} from "./map.js";
import {provenanceSection, strikeSection} from "./provenance.js";
import {rankingSection} from "./ranking.js";
import {AreaTable} from "./table.js";

function contents(sections) {
  document.getElementById("contents").append(element("ul", {}, ...sections.map((each) =>
    element("li", {}, element("a", {href: `#${each.id}`}, each.querySelector("h2").textContent)))));
}

// Areas of other sets than the districts, such as tasks or surveyed polygons: their status is carried, never assigned.
function zoneSection(data, map) {
  const tables = data.zones.flatMap((set) => {
    const table = new AreaTable(set, "zone", "Zones may overlap: rows do not add up to the total, which is that of the districts.", (row) => map?.zoomTo(set.zones, row));
    return [element("h3", {}, nameOf(set.zones)), table.box];
  });
  return tables.length ? section("zones", "Zones", ...tables) : null;
}

function start() {
  const text = document.getElementById("data").textContent;
  const data = JSON.parse(text);
  data.seedText = text.match(/"seed": (\d+)/)?.[1]; // beyond what a number of JavaScript holds
  const layers = layersOf(data);
  document.body.classList.toggle("internal", data.internal);
  document.getElementById("head").append(...headOf(data));
  const map = layers.length ? new ReportMap(data, layers) : null;
  const table = new AreaTable(data, "district", "Rows add up to the total; intervals do not.", (row) => map?.zoomTo("districts", row));
  const sections = [
    section("map", "Map", map ? map.figure : element("p", {}, "The result holds no maps.")),
    section("districts", "Districts", table.box),
    zoneSection(data, map),
    intervalSection(data),
    curveSection(data),
    rankingSection(data),
    spreadSection(data),
    ledgerSection(data),
    strikeSection(data),
    provenanceSection(data),
  ].filter(Boolean);
  document.getElementById("main").append(...sections);
  contents(sections);
  map?.start();
}

start();
