// map.js - the map: one layer at a time over the outlines of the districts, in metres of the grid's own system. No tiles, no network.
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import {contourLines} from "./contours.js";
import {element, labelled, select} from "./dom.js";
import {about} from "./format.js";
import {NO_DATA} from "./layers.js";
import {drawLegend} from "./legend.js";

const SHARES = [0.5, 0.8, 0.95];

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// The layer as a picture, a pixel per cell. Blank is transparent; no value is hatched.
function picture(layer) {
  const {nx, ny} = layer.grid;
  const canvas = element("canvas", {width: nx, height: ny});
  const context = canvas.getContext("2d");
  const image = context.createImageData(nx, ny);
  const colours = layer.colours.map(channels);
  const lookup = Array.from({length: 256}, (_, level) => layer.classOf(level));
  layer.bytes.forEach((level, i) => {
    const index = lookup[level];
    if (index >= 0) {
      image.data.set([...colours[index], 255], 4 * i);
    } else if (index === -2 && ((i % nx) + Math.floor(i / nx)) % 4 === 0) {
      image.data.set([...channels(NO_DATA), 255], 4 * i);
    }
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL("image/png");
}

export class ReportMap {
  constructor(data, layers) {
    this.data = data;
    this.layers = layers;
    this.grid = data.grid;
    const {xmin_m, ymin_m, cell_size_m, nx, ny} = data.grid;
    this.bounds = L.latLngBounds([ymin_m, xmin_m], [ymin_m + ny * cell_size_m, xmin_m + nx * cell_size_m]);
    this.build();
  }

  build() {
    this.box = element("div", {class: "map", role: "application", "aria-label": "Map. Arrow keys move it, plus and minus zoom."});
    this.readout = element("output", {class: "readout"}, "Point at the map or tap it, or move it by keyboard, to read a cell.");
    this.legend = element("div", {class: "legend"});
    this.caption = element("figcaption", {});
    const choose = select(this.layers.map((layer, i) => [i, layer.title]), () => this.show(Number(choose.value)));
    this.opacity = element("input", {type: "range", min: "0.2", max: "1", step: "0.05", value: "1", oninput: () => this.overlay?.setOpacity(Number(this.opacity.value))});
    this.boxes = element("span", {class: "boxes"});
    this.controls = element("div", {class: "controls no-print"}, labelled("Layer", choose), labelled("Opacity", this.opacity), this.boxes);
    this.figure = element("figure", {class: "map-figure"}, this.controls,
      element("div", {class: "map-body"}, this.box, element("div", {class: "map-side"}, this.legend)), this.readout, this.caption);
  }

  // Once the figure is on the page.
  start() {
    this.map = L.map(this.box, {crs: L.CRS.Simple, minZoom: -14, maxZoom: 4, zoomSnap: 0.25, attributionControl: false, maxBounds: this.bounds.pad(0.5)});
    L.control.scale({imperial: false, position: "bottomleft"}).addTo(this.map);
    this.addNorth();
    this.map.fitBounds(this.bounds);
    this.frame = L.rectangle(this.bounds, {className: "frame", fill: false, weight: 1, interactive: false}).addTo(this.map);
    this.addAreas();
    this.addContours();
    this.addStrikes();
    this.map.on("mousemove click", (event) => this.read(event.latlng, "pointer"));
    this.map.on("moveend zoomend", () => document.activeElement === this.box && this.read(this.map.getCenter(), "centre"));
    window.addEventListener("beforeprint", () => this.fitPaper());
    window.addEventListener("afterprint", () => this.fitScreen());
    this.box.addEventListener("focus", () => this.box.classList.add("with-cross"));
    this.box.addEventListener("blur", () => this.box.classList.remove("with-cross"));
    this.show(0);
  }

  // Paper has another width: the whole map stays whole, a part keeps its centre and scale.
  fitPaper() {
    this.refit({width: "640px", height: "560px", flex: "none"});
  }

  fitScreen() {
    this.refit({width: "", height: "", flex: ""});
  }

  refit(size) {
    const whole = this.map.getBounds().contains(this.bounds);
    const [centre, zoom] = [this.map.getCenter(), this.map.getZoom()];
    Object.assign(this.box.style, size);
    this.map.invalidateSize({animate: false, pan: false});
    if (whole) {
      this.map.fitBounds(this.bounds, {animate: false});
    } else {
      this.map.setView(centre, zoom, {animate: false});
    }
  }

  // Grid north: the map's own; true north is off by the convergence of the projection, a degree or two at most.
  addNorth() {
    const north = L.control({position: "topright"});
    north.onAdd = () => element("div", {class: "north", role: "img", "aria-label": "North of the grid is up"}, element("span", {"aria-hidden": "true"}, "▲"), "N");
    north.addTo(this.map);
  }

  addToggle(text, layer, shown) {
    if (shown) {
      layer.addTo(this.map);
    }
    const box = element("input", {type: "checkbox", checked: shown, onchange: () => (box.checked ? layer.addTo(this.map) : layer.remove())});
    this.boxes.append(element("label", {class: "control"}, box, " ", text));
    return box;
  }

  point(x, y) {
    return [this.grid.ymin_m + y * this.data.shape_step_m, this.grid.xmin_m + x * this.data.shape_step_m];
  }

  // Outlines of a table's rows, with names where they have room; empty ones for rows without.
  outlines(shapes, names, className) {
    return shapes.map((flat, i) => {
      const rings = flat.map((ring) => Array.from({length: ring.length / 2}, (_, k) => this.point(ring[2 * k], ring[2 * k + 1])));
      const shape = L.polygon(rings, {className, fill: false, weight: 1.5, interactive: false});
      const place = labelPlace(rings);
      if (place) {
        shape.bindTooltip(element("bdi", {}, names[i]), {permanent: true, direction: "center", className: `area-name ${className}-name`});
        shape.labelPlace = place;
        shape.on("add", () => shape.getTooltip().setLatLng(place));
      }
      return shape;
    });
  }

  addAreas() {
    const {data} = this;
    this.areas = {districts: this.outlines(data.shapes, data.rows.map((row) => row.district), "district")};
    this.groups = {};
    const sets = [["districts", "Districts", true], ...data.zones.map((set) => [set.zones, `Zones: ${set.zones}`, false])];
    for (const set of data.zones) {
      this.areas[set.zones] = this.outlines(set.shapes, set.rows.map((row) => row.zone), "zone");
    }
    for (const [key, text, shown] of sets) {
      const drawn = this.areas[key].filter((shape) => !shape.isEmpty());
      if (drawn.length) {
        const group = L.layerGroup(drawn);
        group.on("add remove", () => this.thinNames());
        this.groups[key] = this.addToggle(text, group, shown);
      }
    }
    this.map.on("zoomend moveend resize", () => this.thinNames());
    this.thinNames();
  }

  // A name is shown where it has room: the larger district first.
  thinNames() {
    const taken = [];
    const frame = this.box.getBoundingClientRect();
    const isInside = (box) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
    const size = (shape) => this.map.latLngToLayerPoint(shape.getBounds().getNorthEast()).distanceTo(this.map.latLngToLayerPoint(shape.getBounds().getSouthWest()));
    const shown = Object.values(this.areas).flat().filter((each) => each.getTooltip() && this.map.hasLayer(each));
    for (const shape of shown.sort((a, b) => size(b) - size(a))) {
      const label = shape.getTooltip().getElement();
      const box = label?.getBoundingClientRect();
      if (box) {
        const free = size(shape) >= 40 && isInside(box) && taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
        label.style.visibility = free ? "" : "hidden";
        if (free) {
          taken.push(box);
        }
      }
    }
  }

  addContours() {
    const containment = this.layers.find((layer) => layer.isShare);
    if (!containment || !(containment.max > 0)) {
      return;
    }
    const group = L.layerGroup();
    this.contours = group;
    let drawn = false;
    group.on("add", () => {
      if (!drawn) {
        drawn = true;
        SHARES.forEach((share, i) => {
          const lines = contourLines(containment, share);
          L.polyline(lines, {renderer: L.canvas(), color: "#5b2a86", weight: [2.5, 1.8, 1.2][i], dashArray: [null, "6 3", "2 3"][i], interactive: false}).addTo(group);
        });
      }
    });
    this.addToggle("Search areas (50 % solid, 80 % dashed, 95 % dotted)", group, false);
  }

  addStrikes() {
    if (!this.data.internal || !this.data.strikes?.length) {
      return;
    }
    const group = L.layerGroup();
    for (const strike of this.data.strikes) {
      const text = element("span", {}, element("bdi", {}, strike.id), ` ${strike.date} ${strike.status}, error of place ${strike.location_error}`);
      const style = {className: "strike", weight: 1.5, fillOpacity: 0.05};
      const marker = L.circleMarker([strike.y_m, strike.x_m], {...style, radius: 4, fillOpacity: 1});
      group.addLayer(marker.bindTooltip(text));
      if (strike.radius_m > 0) {
        group.addLayer(L.circle([strike.y_m, strike.x_m], {...style, radius: strike.radius_m, interactive: false}));
      }
    }
    this.addToggle("INTERNAL: strike positions with the error of their place", group, true);
  }

  show(index) {
    this.layer = this.layers[index];
    const options = {opacity: Number(this.opacity.value), className: "cells", interactive: false};
    this.overlay?.remove();
    this.overlay = L.imageOverlay(picture(this.layer), this.bounds, options).addTo(this.map);
    drawLegend(this.legend, this.layer, this.data);
    this.caption.textContent = this.captionText();
  }

  captionText() {
    const {layer, data} = this;
    const internal = data.internal ? "INTERNAL, not for publication. " : "";
    const bound = layer.errorBound > 0 ? ` In closed form; off by at most ${about(layer.errorBound)} ${layer.unit}.` : "";
    return `${internal}${layer.title}: ${layer.meaning}. ${layer.blocks} Strikes up to ${data.as_of}. ${data.grid.crs ?? ""}.${bound} ${data.sentence}`;
  }

  read(place, how) {
    const {xmin_m, ymin_m, cell_size_m, nx, ny} = this.grid;
    const column = Math.floor((place.lng - xmin_m) / cell_size_m);
    const row = ny - 1 - Math.floor((place.lat - ymin_m) / cell_size_m);
    this.readout.setAttribute("aria-live", how === "centre" ? "polite" : "off");
    if (column < 0 || column >= nx || row < 0 || row >= ny) {
      this.readout.textContent = "Outside the grid.";
      return;
    }
    const where = how === "centre" ? "Centre of the map" : "Here";
    const value = this.layer.read(this.layer.bytes[row * nx + column]);
    const district = this.data.rows[this.districtAt(place)]?.district;
    this.readout.replaceChildren(`${where}: ${this.layer.name === "dud_containment" ? "" : `${this.layer.title}: `}${value} · `,
      district === undefined ? "outside every district" : element("bdi", {}, district), ` · ${this.degreesAt(place)} (x ${Math.round(place.lng)} m, y ${Math.round(place.lat)} m)`);
  }

  // WGS 84, between the points of the lattice.
  degreesAt(place) {
    const {xmin_m, ymin_m, cell_size_m, nx, ny, lattice_side: side, lon_deg, lat_deg} = this.grid;
    const u = ((place.lng - xmin_m) / (cell_size_m * nx)) * (side - 1);
    const v = ((place.lat - ymin_m) / (cell_size_m * ny)) * (side - 1);
    const [i, k] = [u, v].map((each) => Math.min(side - 2, Math.max(0, Math.floor(each))));
    const between = (values) => {
      const at = (a, b) => values[(k + b) * side + i + a];
      return (1 - (v - k)) * ((1 - (u - i)) * at(0, 0) + (u - i) * at(1, 0)) + (v - k) * ((1 - (u - i)) * at(0, 1) + (u - i) * at(1, 1));
    };
    const [lat, lon] = [between(lat_deg), between(lon_deg)];
    return `${Math.abs(lat).toFixed(5)}° ${lat < 0 ? "S" : "N"}, ${Math.abs(lon).toFixed(5)}° ${lon < 0 ? "W" : "E"}`;
  }

  // Even-odd over all rings of a district, holes included. -1: none.
  districtAt(place) {
    const x = (place.lng - this.grid.xmin_m) / this.data.shape_step_m;
    const y = (place.lat - this.grid.ymin_m) / this.data.shape_step_m;
    return this.data.shapes.findIndex((rings) => rings.reduce((inside, ring) => inside !== crosses(ring, x, y), false));
  }

  // An area of a set ("districts", or a set of zones), shown if it was not.
  zoomTo(key, row) {
    const shape = this.areas[key][row];
    if (shape && !shape.isEmpty()) {
      if (!this.groups[key].checked) {
        this.groups[key].click();
      }
      this.map.fitBounds(shape.getBounds().pad(0.1));
      this.figure.scrollIntoView({block: "nearest"});
      this.box.focus({preventScroll: true});
    }
  }
}

// Where a name stands: the middle of the widest stretch inside, on a few lines from west to east, the middle ones preferred.
function labelPlace(rings) {
  const heights = rings.flat().map(([y]) => y);
  const [least, most] = heights.reduce(([low, high], y) => [Math.min(low, y), Math.max(high, y)], [Infinity, -Infinity]);
  let best = 0;
  let place = null;
  for (const share of [0.5, 0.45, 0.55, 0.38, 0.62, 0.3, 0.7]) {
    const y = least + share * (most - least);
    const crossings = rings.flatMap((ring) => ring.flatMap(([y1, x1], i) => {
      const [y2, x2] = ring[(i + 1) % ring.length];
      return y1 <= y !== y2 <= y ? [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)] : [];
    })).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const gain = (crossings[i + 1] - crossings[i]) * (1 - Math.abs(share - 0.5));
      if (gain > best) {
        [best, place] = [gain, [y, (crossings[i] + crossings[i + 1]) / 2]];
      }
    }
  }
  return place;
}

function crosses(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [x1, y1, x2, y2] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) {
      inside = !inside;
    }
  }
  return inside;
}
