// legend.js - what the colours of the map mean: the highest class on top, zero and no value below; how its numbers came about.
import {element} from "./dom.js";

function swatch(colour, kind) {
  const box = element("span", {class: `swatch ${kind}`, "aria-hidden": "true"});
  if (colour) {
    box.style.background = colour;
  }
  return box;
}

function outlines(data) {
  const kinds = [data.shapes.length ? "districts" : "", data.zones.length ? "zones as given (dashed)" : ""].filter(Boolean).join(" and ");
  return kinds ? `Outlines are ${kinds}, not hazard areas by this model. ` : "";
}

export function drawLegend(box, layer, data) {
  const items = layer.classes.map((text, i) => element("li", {}, swatch(layer.colours[i], "cell"), text)).reverse();
  items.push(element("li", {}, swatch(null, "blank"), layer.blank));
  if (layer.hasGaps) {
    items.push(element("li", {}, swatch(null, "hatched"), "no value"));
  }
  const head = layer.unit ? `${layer.title} (${layer.unit})` : layer.title;
  box.replaceChildren(element("h3", {}, head), element("ul", {}, ...items), element("p", {class: "note"}, layer.blocks),
    element("p", {class: "note"}, `${outlines(data)}${data.grid.crs ?? ""}; north of the grid is up.`));
}
