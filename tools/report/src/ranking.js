// ranking.js - how sure the order of the districts is.
import {axisX, dot, gridX, ruleY} from "@observablehq/plot";
import {MOST_IN_CHART, perName} from "./charts.js";
import {element, labelled, nameOf, scroller, section, select} from "./dom.js";
import {Figure} from "./figure.js";

// Districts by expected rank with those that cannot be told apart from each.
function ranked(ranking, criterion) {
  const order = ranking.name.map((_, i) => i).sort((a, b) => criterion.expected_rank[a] - criterion.expected_rank[b]);
  return order.map((i, index) => ({
    index, name: ranking.name[i], expected: criterion.expected_rank[i], low: criterion.rank_p05[i], high: criterion.rank_p95[i],
    together: criterion.before ? order.filter((k) => k !== i && Math.max(criterion.before[i][k], 1 - criterion.before[i][k]) < ranking.separated).map((k) => ranking.name[k]) : null,
  }));
}

function together(names) {
  return names === null ? ["not compared: too many districts"] : names.length ? names.flatMap((name, i) => (i ? [", ", nameOf(name)] : [nameOf(name)])) : ["told apart from all"];
}

function tableOf(ranking, rows) {
  const body = rows.map((row) => element("tr", {}, element("th", {scope: "row"}, nameOf(row.name)), element("td", {class: "number"}, row.expected.toFixed(1)),
    element("td", {class: "number"}, `${row.low} to ${row.high}`), element("td", {}, ...together(row.together))));
  const head = ["District", "Expected rank", "90 % interval", `Not told apart from (less than ${Math.round(100 * ranking.separated)} % sure)`];
  return scroller("Ranks of the districts", element("table", {}, element("caption", {}, "Rank 1 has the most."),
    element("thead", {}, element("tr", {}, ...head.map((text, i) => element("th", {scope: "col", class: i === 1 || i === 2 ? "number" : null}, text)))), element("tbody", {}, ...body)));
}

export function rankingSection(data) {
  const {ranking} = data;
  if (!ranking?.criterion?.length) {
    return section("ranking", "How sure the order is", element("p", {}, "The result holds no ranks: they come with the estimator expected-value, for two districts or more."));
  }
  const choose = select(ranking.criterion.map((each, i) => [i, `${each.by.replace(/_/g, " ")}: ${each.meaning}`]), () => renew());
  const table = element("div");
  const rows = () => ranked(ranking, ranking.criterion[Number(choose.value)]);
  const figure = new Figure(data, `Rank of each district: expected (dot) and 90 % interval (line); 1 is the most.${ranking.name.length > MOST_IN_CHART ? ` The first ${MOST_IN_CHART}.` : ""}`, (width) => {
    const shown = rows().slice(0, MOST_IN_CHART);
    return perName(shown.map((row) => row.name), width, {
      x: {domain: [1, Math.max(2, ...shown.map((row) => row.high))], label: "Rank →", ticks: Math.min(10, ranking.name.length, width / 60)},
      marks: [
        axisX({tickFormat: "d"}), gridX({strokeOpacity: 0.15}),
        ruleY(shown, {y: "index", x1: "low", x2: "high", stroke: "var(--accent)", strokeWidth: 3}),
        dot(shown, {
          y: "index", x: "expected", fill: "var(--text)", r: 5, tip: {fill: "var(--panel)", stroke: "var(--soft)", format: {x: false, y: false}},
          channels: {District: "name", Rank: (row) => `${row.expected.toFixed(1)} (${row.low} to ${row.high})`},
        }),
      ],
    });
  }, () => `Rank chart. ${rows().slice(0, 5).map((row) => `${row.name}: expected rank ${row.expected.toFixed(1)}, ${row.low} to ${row.high}`).join("; ")}.`);
  const renew = () => {
    table.replaceChildren(tableOf(ranking, rows()));
    figure.renew();
  };
  renew();
  return section("ranking", "How sure the order is", ranking.criterion.length > 1 ? element("div", {class: "controls no-print"}, labelled("By", choose)) : element("p", {}, `By ${ranking.criterion[0].meaning}.`), figure.node, table);
}
