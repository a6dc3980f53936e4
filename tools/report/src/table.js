// table.js - the districts as a table: sorted by any column, searched by name, a click on a name shows it on the map.
import {element, labelled, nameOf, scroller} from "./dom.js";
import {about, percent, range} from "./format.js";

// Title, key by which it is sorted (largest first), text. Shown where the key was computed.
const within = (value, low, high) => (value === null ? about(value) : `${about(value)} (${range(low, high)})`);

const COLUMNS = [
  ["Duds, about (90 %)", "duds_mean", (row) => within(row.duds_mean, row.duds_p05, row.duds_p95)],
  ["Duds, median", "duds_p50", (row) => about(row.duds_p50)],
  ["Duds per hectare", "duds_per_ha", (row) => about(row.duds_per_ha)],
  ["Affected area, ha (90 %)", "affected_ha_mean", (row) => within(row.affected_ha_mean, row.affected_ha_p05, row.affected_ha_p95)],
  ["Population", "population", (row) => about(row.population)],
  ["People on affected area", "people_affected_mean", (row) => about(row.people_affected_mean)],
  ["Accidents, first year (90 %)", "accidents_year1_mean", (row) => within(row.accidents_year1_mean, row.accidents_year1_p05, row.accidents_year1_p95)],
  ["Casualties, first year", "casualties_year1_mean", (row) => about(row.casualties_year1_mean)],
  ["Chance to be first", "p_top1", (row) => percent(row.p_top1)],
  ["Chance to be in first 3", "p_top3", (row) => percent(row.p_top3)],
];

export class DistrictTable {
  constructor(data, onchoose) {
    this.data = data;
    this.onchoose = onchoose;
    this.columns = COLUMNS.filter(([, key]) => data.columns[key]);
    this.key = "duds_mean";
    this.descending = true;
    this.body = element("tbody");
    this.status = element("span", {role: "status", class: "note"});
    this.build();
    this.fill();
  }

  header(title, key) {
    const button = element("button", {type: "button", class: "sort", onclick: () => this.sortBy(key)}, title);
    return element("th", {scope: "col", "data-key": key, title: this.data.columns[key]?.meaning}, button);
  }

  build() {
    const search = element("input", {type: "search", oninput: () => this.fill(), autocomplete: "off"});
    this.search = search;
    this.head = element("tr", {}, this.header("District", "district"), ...this.columns.map(([title, key]) => this.header(title, key)));
    const last = this.data.rows.filter((row) => row.kind !== "district");
    const table = element("table", {},
      element("caption", {}, "Rows add up to the total; intervals do not. “About” is the mean, to two figures; in brackets 90 % intervals."),
      element("thead", {}, this.head), this.body,
      element("tfoot", {}, ...last.map((row) => element("tr", {}, element("th", {scope: "row"}, row.district), ...this.cells(row)))));
    this.box = element("div", {}, element("div", {class: "controls no-print"}, labelled("Search districts", search), this.status), scroller("Table of districts", table));
  }

  cells(row) {
    return this.columns.map(([, , text]) => element("td", {class: "number"}, text(row)));
  }

  sortBy(key) {
    this.descending = this.key === key ? !this.descending : key !== "district";
    this.key = key;
    this.fill();
  }

  rows() {
    const wanted = this.search.value.trim().toLocaleLowerCase();
    const sign = this.descending ? -1 : 1;
    const found = this.data.rows.map((row, index) => ({row, index})).filter(({row}) => row.kind === "district" && row.district.toLocaleLowerCase().includes(wanted));
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
      const name = drawn ? element("button", {type: "button", class: "link", title: "Show on the map", onclick: () => this.onchoose(index)}, nameOf(row.district)) : nameOf(row.district);
      return element("tr", {}, element("th", {scope: "row"}, name), ...this.cells(row));
    }));
    const all = this.data.rows.filter((row) => row.kind === "district").length;
    this.status.textContent = rows.length === all ? `${all} districts` : `${rows.length} of ${all} districts`;
  }
}
