// layers.js - the maps of the page: bytes back into values, names for people, classes for the legend. The bytes: tools/report_layers.c.
import {inflateSync} from "fflate";
import colours from "./colours.json";
import {about, unitText} from "./format.js";

const NO_VALUE = 255;
const LEVELS = 254;
const SHARE_STEPS = 200;
export const NO_DATA = colours.no_data;

// Title, what it is of, in the order in which people ask.
const TITLES = [
  ["dud_density", "Dud density"],
  ["dud_probability", "Probability of at least one dud in a cell"],
  ["dud_containment", "Containment: search areas for 50, 80 and 95 % of the duds"],
  ["accident_density", "Accident density, first year"],
  ["dud_density_sd", "Spread: standard deviation of the dud density"],
  ["dud_count_sd", "Spread: standard deviation of the number of duds in a cell"],
  ["dud_density_quantile", "Dud density"],
  ["background_density", "Background of unreported strikes: dud density"],
  ["exceedance_probability", "Probability that the dud density exceeds"],
  ["dud_density_standard_error", "Monte Carlo standard error of the dud density"],
  ["dud_probability_standard_error", "Monte Carlo standard error of the probability"],
];

function titleOf(layer) {
  const known = TITLES.find(([name]) => name === layer.layer);
  const title = known ? known[1] : layer.layer;
  const number = layer.plane.split(" ").pop();
  if (layer.plane.startsWith("quantile")) {
    return `${title}, ${about(100 * Number(number))} % quantile of each cell`;
  }
  return layer.plane.startsWith("threshold") ? `${title} ${number} per hectare` : [title, layer.plane].filter(Boolean).join(", ");
}

function unpack(text, nx, ny) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const bytes = inflateSync(packed, {out: new Uint8Array(nx * ny)});
  for (let y = 1; y < ny; y++) {
    bytes[y * nx] += bytes[(y - 1) * nx];
  }
  for (let y = 0; y < ny; y++) {
    for (let x = 1, i = y * nx + 1; x < nx; x++, i++) {
      bytes[i] += bytes[i - 1];
    }
  }
  return bytes;
}

// 0.00003, not 3e-5.
function plain(number) {
  return number.toLocaleString("en", {maximumSignificantDigits: 3, maximumFractionDigits: 9});
}

// One map. classOf(level): -1 for what stays blank, -2 for no value, else the class, 0 the lowest. Colours, classes and
// their words are those of the figures and of the QGIS styles: fixed, so that two maps can be laid side by side.
export class Layer {
  constructor(data, grid, decades) {
    Object.assign(this, {name: data.layer, meaning: data.meaning, unit: unitText(data.unit), max: data.max, grid});
    this.title = titleOf(data);
    this.key = [data.layer, data.plane].join(" ");
    this.errorBound = data.error_bound;
    this.blocks = data.blocks;
    this.packed = data.cells;
    this.isShare = data.scale === "share";
    this.decades = decades;
    const scale = colours.scales[colours.layers[data.layer] ?? "duds_per_ha"];
    // Of a share, the smallest area is the highest class, and what is outside the largest stays blank.
    this.upper = this.isShare ? scale.upper.slice(0, -1).reverse() : scale.upper.map((upper) => upper ?? Infinity);
    this.colours = this.isShare ? scale.rgb.slice(0, -1).reverse() : scale.rgb;
  }

  // Unpacked when it is first shown.
  get bytes() {
    this.unpacked ??= unpack(this.packed, this.grid.nx, this.grid.ny);
    return this.unpacked;
  }

  get hasGaps() {
    return this.bytes.includes(NO_VALUE);
  }

  valueOf(level) {
    if (level === NO_VALUE) {
      return NaN;
    }
    if (level === 0) {
      return 0;
    }
    return this.isShare ? level / SHARE_STEPS : this.max * 10 ** (((level - LEVELS) * this.decades) / (LEVELS - 1));
  }

  classOf(level) {
    const value = this.valueOf(level);
    if (Number.isNaN(value)) {
      return -2;
    }
    if (level === 0) {
      return -1;
    }
    const isIn = (upper) => value <= upper * (1 + 1e-9);
    return this.isShare ? this.upper.map(isIn).lastIndexOf(true) : this.upper.findIndex(isIn);
  }

  // Texts of the classes, the lowest first; the unit stands above them.
  get classes() {
    if (this.isShare) {
      return this.upper.map((upper) => `inside the ${Math.round(100 * upper)} % area`);
    }
    return this.upper.map((upper, i) => {
      const above = `more than ${i > 0 ? plain(this.upper[i - 1]) : 0}`;
      return upper === Infinity ? above : `${above}, up to ${plain(upper)}`;
    });
  }

  get blank() {
    if (this.isShare) {
      return "outside: the last 5 % may lie anywhere here; not the same as safe";
    }
    return this.max > 0 ? colours.zero_note : `zero everywhere. ${colours.zero_note}`;
  }

  // What a cell says in words.
  read(level) {
    const value = this.valueOf(level);
    if (Number.isNaN(value)) {
      return "no value";
    }
    if (level === 0) {
      return this.isShare ? "–" : "none modelled (not shown to be free of duds)";
    }
    if (this.isShare) {
      return `in the smallest area with ${Math.round(100 * value)} % of the duds`;
    }
    const text = level === 1 ? `${about(value)} or less` : about(value);
    return `${text}${this.unit ? ` ${this.unit}` : ""}`;
  }
}

export function layersOf(data) {
  const order = (layer) => {
    const index = TITLES.findIndex(([name]) => name === layer.layer);
    return index < 0 ? TITLES.length : index;
  };
  return [...data.layers].sort((a, b) => order(a) - order(b)).map((layer) => new Layer(layer, data.grid, data.decades));
}
