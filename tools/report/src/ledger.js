// ledger.js - every value that the result rests on: with its source, how sure that is, and its share in the spread.
import {element, labelled, scroller, section} from "./dom.js";

function shareText(row) {
  if (row.spread === "fixed") {
    return "fixed: what it may be wrong by is in no interval";
  }
  if (row.spread === "" || row.variance_share === null) {
    return row.spread === "" ? "–" : "not computed";
  }
  const share = `${Math.round(100 * Math.max(0, row.variance_share))} ± ${Math.max(1, Math.round(100 * row.variance_share_se))} %`;
  return row.spread === "group" ? `${share}, all of “${row.group}” together` : share;
}

// What the spread hangs on most comes first, then fixed numbers, then what says where, when and how much is computed.
function byWeight(a, b) {
  const weight = (row) => ({own: 3, group: 3, fixed: 2}[row.spread] ?? 1);
  return weight(b) - weight(a) || (b.variance_share ?? -1) - (a.variance_share ?? -1);
}

// A line may break behind each part of a key.
function keyOf(path) {
  return path.split(/(?<=[._])/).flatMap((part, i) => (i ? [element("wbr"), part] : [part]));
}

export function ledgerSection(data) {
  const head = ["Quantity", "Value", "Set by", "How sure", "Share in the variance of the total", "Source"];
  const rows = [...data.assumptions].sort(byWeight).map((row) => element("tr", {}, element("th", {scope: "row", class: "long"}, ...keyOf(row.path)), element("td", {class: "long", dir: "auto"}, row.value),
    element("td", {}, row.mark), element("td", {}, row.certainty || "–"), element("td", {}, shareText(row)), element("td", {class: "long", dir: "auto"}, row.source)));
  const status = element("span", {role: "status", class: "note"}, `${rows.length} values`);
  const search = element("input", {
    type: "search", autocomplete: "off", oninput: () => {
      const wanted = search.value.trim().toLocaleLowerCase();
      const shown = rows.filter((row) => (row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted), !row.hidden));
      status.textContent = shown.length === rows.length ? `${rows.length} values` : `${shown.length} of ${rows.length} values`;
    },
  });
  const assumed = data.assumptions.filter((row) => row.certainty.includes("assumed")).length;
  return section("assumptions", "Every assumption", element("p", {}, `${assumed} of ${rows.length} values are assumed, in full or in part. ${data.internal ? "" : "Values that tell of single strikes are left out."}`),
    element("div", {class: "controls no-print"}, labelled("Search assumptions", search), status),
    scroller("Table of assumptions", element("table", {class: "ledger"}, element("caption", {}, "What was used, where it comes from, and how much of the spread of the total hangs on it."),
      element("thead", {}, element("tr", {}, ...head.map((text) => element("th", {scope: "col"}, text)))), element("tbody", {}, ...rows))));
}
