// table.js - districts, or a set of zones, as a table: sorted by any column, searched by name, a click on a name shows it on the map.
import {element, labelled, nameOf, scroller} from "./dom.js";
import {about, percent, range} from "./format.js";

// Title, key by which it is sorted (largest first), text. Shown where the key was computed.
const within = (value, low, high) => (value === null ? about(value) : `${about(value)} (${range(low, high)})`);

const COLUMNS = [
  ["Duds, about (90 %)", "duds_mean", (row) => within(row.duds_mean, row.duds_p05, row.duds_p95)],
  ["Duds, median", "duds_p50", (row) => about(row.duds_p50)],
  ["Duds per hectare", "duds_per_ha", (row) => about(row.duds_per_ha)],
  ["Affected area, ha (90 %)", "affected_ha_mean", (row) => within(row.affected_ha_mean, row.affected_ha_p05, row.affected_ha_p95)],
  ["Population", "population", (row) => about(row.population)],
  ["People on affected area", "people_affected_mean", (row) => about(row.people_affected_mean)],
  ["Accidents, first year (90 %)", "accidents_year1_mean", (row) => within(row.accidents_year1_mean, row.accidents_year1_p05, row.accidents_year1_p95)],
  ["Casualties, first year", "casualties_year1_mean", (row) => about(row.casualties_year1_mean)],
  ["Chance to be first", "p_top1", (row) => percent(row.p_top1)],
  ["Chance to be in first 3", "p_top3", (row) => percent(row.p_top3)],
];

const STATUS = ["Status, as given", "status", (row) => row.status ?? ""];

// data: {columns, rows, shapes}; kind: "district" or "zone", the key of a row's name, too; note: a sentence about the rows.
export class AreaTable {
  constructor(data, kind, note, onchoose) {
    Object.assign(this, {data, kind, note, onchoose, plural: `${kind}s`});
    this.columns = [...(data.rows.some((row) => row.status) ? [STATUS] : []), ...COLUMNS.filter(([, key]) => data.columns[key])];
    this.key = "duds_mean";
    this.descending = true;
    this.body = element("tbody");
    this.status = element("span", {role: "status", class: "note"});
    this.build();
    this.fill();
  }

  header(title, key) {
    const button = element("button", {type: "button", class: "sort", onclick: () => this.sortBy(key)}, title);
    return element("th", {scope: "col", "data-key": key, "data-title": title, class: key === this.kind || key === "status" ? null : "number", title: this.data.columns[key]?.meaning}, button);
  }

  build() {
    const search = element("input", {type: "search", oninput: () => this.fill(), autocomplete: "off"});
    this.search = search;
    this.head = element("tr", {}, this.header(this.kind === "district" ? "District" : "Zone", this.kind), ...this.columns.map(([title, key]) => this.header(title, key)));
    const last = this.data.rows.filter((row) => row.kind !== this.kind);
    const table = element("table", {},
      element("caption", {}, `${this.note} “About” is the mean, to two figures; in brackets 90 % intervals.`),
      element("thead", {}, this.head), this.body,
      element("tfoot", {}, ...last.map((row) => element("tr", {}, element("th", {scope: "row"}, row[this.kind]), ...this.cells(row)))));
    this.box = element("div", {}, element("div", {class: "controls no-print"}, labelled(`Search ${this.plural}`, search), this.status), scroller(`Table of ${this.data.zones ?? this.plural}`, table));
  }

  cells(row) {
    return this.columns.map(([, key, text]) => (key === "status" ? element("td", {class: "long", dir: "auto"}, text(row)) : element("td", {class: "number"}, text(row))));
  }

  sortBy(key) {
    this.descending = this.key === key ? !this.descending : key !== this.kind && key !== "status";
    this.key = key;
    this.fill();
  }

  rows() {
    const wanted = this.search.value.trim().toLocaleLowerCase();
    const sign = this.descending ? -1 : 1;
    const found = this.data.rows.map((row, index) => ({row, index})).filter(({row}) => row.kind === this.kind && row[this.kind].toLocaleLowerCase().includes(wanted));
    return found.sort(({row: a}, {row: b}) => {
      const [left, right] = [a[this.key], b[this.key]];
      if (left === null || right === null) {
        return (left === null) - (right === null);
      }
      return sign * (typeof left === "string" ? left.localeCompare(right) : left - right);
    });
  }

  fill() {
    for (const cell of this.head.children) {
      const active = cell.dataset.key === this.key;
      cell.setAttribute("aria-sort", active ? (this.descending ? "descending" : "ascending") : "none");
    }
    const rows = this.rows();
    this.body.replaceChildren(...rows.map(({row, index}) => {
      const drawn = this.data.shapes[index]?.length > 0;
      const name = drawn ? element("button", {type: "button", class: "link", title: "Show on the map", onclick: () => this.onchoose(index)}, nameOf(row[this.kind])) : nameOf(row[this.kind]);
      return element("tr", {}, element("th", {scope: "row"}, name), ...this.cells(row));
    }));
    const all = this.data.rows.filter((row) => row.kind === this.kind).length;
    const plural = all === 1 ? this.kind : this.plural;
    this.status.textContent = rows.length === all ? `${all} ${plural}` : `${rows.length} of ${all} ${plural}`;
  }
}
