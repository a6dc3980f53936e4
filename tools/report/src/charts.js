// charts.js - intervals of the districts, how probable larger numbers are, what the spread hangs on. Ranks: ranking.js.
import {axisX, barX, dot, gridX, line, plot, ruleX, ruleY} from "@observablehq/plot";
import {element, labelled, nameOf, scroller, section, select} from "./dom.js";
import {Figure, nameAxis} from "./figure.js";
import {about, percent, range} from "./format.js";

export const MOST_IN_CHART = 40;
export const STYLE = {fontSize: "13px", background: "transparent", overflow: "visible"};

// Options that all charts with one name per line share.
export function perName(names, width, options) {
  const axis = nameAxis(names, width);
  return plot({
    width, height: 50 + 24 * names.length, marginLeft: axis.margin, marginRight: 20, marginTop: 10, marginBottom: 40, style: STYLE,
    ...options,
    y: {domain: names.map((_, i) => i), label: null, tickSize: 0, tickFormat: axis.format, type: "band"},
  });
}

// Numbers for a square-root axis, far enough apart to be read: 0, and 1, 2 or 5 times powers of ten.
function rootTicks(most, width) {
  const round = [1, 2, 5].flatMap((first) => Array.from({length: 12}, (_, power) => first * 10 ** (power - 2)));
  const kept = [0];
  const places = [0];
  for (const value of round.filter((each) => each <= most).sort((a, b) => b - a)) {
    const place = Math.sqrt(value / most) * width;
    if (places.every((other) => Math.abs(place - other) >= 14 + 8 * about(value).length)) {
      kept.push(value);
      places.push(place);
    }
  }
  return kept;
}

export function intervalSection(data) {
  const all = data.rows.filter((row) => row.kind === "district" && row.duds_p50 !== null).sort((a, b) => b.duds_p50 - a.duds_p50 || b.duds_mean - a.duds_mean);
  if (!all.length) {
    return null;
  }
  const rows = all.slice(0, MOST_IN_CHART).map((row, index) => ({...row, index}));
  const more = all.length > rows.length ? ` The ${rows.length} largest of ${all.length}; the table has all.` : "";
  const figure = new Figure(data, `Duds per district: median (dot) and 90 % interval (line), sorted by median; the axis is a square-root scale.${more}`, (width) => {
    const most = Math.max(1, ...rows.map((row) => row.duds_p95));
    const ticks = rootTicks(most, 0.6 * width - 32); // the names take two fifths at most
    return perName(rows.map((row) => row.district), width, {
      x: {type: "sqrt", label: "Duds →", domain: [0, most]},
      marks: [
        axisX({ticks, tickFormat: about}), gridX({ticks, strokeOpacity: 0.15}),
        ruleY(rows, {y: "index", x1: "duds_p05", x2: "duds_p95", stroke: "var(--accent)", strokeWidth: 3}),
        dot(rows, {
          y: "index", x: "duds_p50", fill: "var(--text)", r: 5,
          tip: {fill: "var(--panel)", stroke: "var(--soft)", format: {x: false, y: false}},
          channels: {District: "district", Duds: (row) => `${about(row.duds_p50)} (${range(row.duds_p05, row.duds_p95)})`},
        }),
      ],
    });
  }, () => `Interval chart. ${rows.slice(0, 5).map((row) => `${row.district}: ${about(row.duds_p50)}, 90 % interval ${range(row.duds_p05, row.duds_p95)}`).join("; ")}${rows.length > 5 ? "; the others are in the table of districts" : ""}.`);
  return section("intervals", "How many, and how sure", figure.node);
}

// From the table's quantiles, so that the page says one number in two places.
function curveWords(row, key, what) {
  const stem = key === "duds" ? "duds" : "accidents_year1";
  const [low, middle, high] = ["p05", "p50", "p95"].map((end) => row[`${stem}_${end}`]);
  return low === null || low === undefined ? "" : `: ${about(low)} ${what} or more with a probability of 95 %, ${about(middle)} or more with 50 %, ${about(high)} or more with 5 %.`;
}

function drawCurve(curve, what, width) {
  const points = curve.at_least.map((at_least, i) => ({at_least, probability: curve.probability[i]}));
  return plot({
    width, height: Math.min(360, 0.6 * width + 60), marginLeft: 50, marginBottom: 40, marginRight: 20, style: STYLE,
    x: {label: `So many ${what}, or more →`, domain: [0, Math.max(1, ...curve.at_least)], ticks: Math.min(8, width / 90)},
    y: {label: "↑ Probability", domain: [0, 1], tickFormat: (p) => `${Math.round(100 * p)} %`, ticks: 5, grid: true},
    marks: [
      line(points, {x: "at_least", y: "probability", stroke: "var(--accent)", strokeWidth: 2.5}),
      dot(points, {
        x: "at_least", y: "probability", r: points.length < 30 ? 4 : 0, fill: "var(--accent)",
        tip: {fill: "var(--panel)", stroke: "var(--soft)", format: {x: (n) => about(n), y: (p) => percent(p)}},
      }),
      ruleY([0]), ruleX([0]),
    ],
  });
}

export function curveSection(data) {
  const measures = [["duds", "duds"], ["accidents", "accidents in the first year"]].filter(([key]) => data.curves[key]);
  if (!measures.length) {
    return section("curves", "How probable are larger numbers", element("p", {}, "This file is a public copy without counts over realisations; the table of districts has the quantiles."));
  }
  const count = data.curves[measures[0][0]].length;
  const rows = data.rows.map((row, i) => [i, row.district]).filter(([i]) => i < count).reverse();
  const row = select(rows, () => renew());
  const measure = select(measures, () => renew());
  const sentence = element("p", {"aria-live": "polite"});
  const words = () => measures.find(([key]) => key === measure.value)[1];
  const curve = () => data.curves[measure.value][Number(row.value)];
  const figure = new Figure(data, "Probability of so many or more, over all realisations; the curve ends at 1 %.", (width) => drawCurve(curve(), words(), width),
    () => `Curve. ${sentence.textContent}`);
  const renew = () => {
    const shown = data.rows[Number(row.value)];
    sentence.replaceChildren(nameOf(shown.district), curveWords(shown, measure.value, words()));
    figure.renew();
  };
  renew();
  return section("curves", "How probable are larger numbers",
    element("div", {class: "controls no-print"}, labelled("Row", row), measures.length > 1 ? labelled("Of", measure) : null), sentence, figure.node);
}

function sharesOf(variance, of, column) {
  return variance.group.map((group, i) => ({
    group, meaning: variance.meaning[i],
    own: variance[`${of}_first_order`][i][column], own_se: variance[`${of}_first_order_se`]?.[i][column],
    total: variance[`${of}_total`]?.[i][column], total_se: variance[`${of}_total_se`]?.[i][column],
  })).filter((each) => each.own !== null).sort((a, b) => b.own - a.own);
}

function withError(share, error) {
  return share === null || share === undefined ? "–" : `${Math.round(100 * Math.max(0, share))} ± ${Math.max(1, Math.round(100 * (error ?? 0)))} %`;
}

function sharesTable(shares, of) {
  const rows = shares.map((each) => element("tr", {}, element("th", {scope: "row"}, each.group), element("td", {}, each.meaning ?? ""),
    element("td", {class: "number"}, withError(each.own, each.own_se)), element("td", {class: "number"}, withError(each.total, each.total_se))));
  const head = [["Group of draws"], ["What it is"], ["By itself", "number"], ["With what it shares", "number"]].map(([text, kind]) => element("th", {scope: "col", class: kind}, text));
  return scroller("Shares in the variance", element("table", {}, element("caption", {}, `Share in the variance of the ${of}, ± Monte Carlo standard error.`),
    element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}

function independence(data, column) {
  const {independent_p05: low, independent_p95: high} = data.variance;
  const row = data.rows[column];
  return low && high && low[column] !== null
    ? `Had every strike drawn its own mean failure rate, the 90 % interval would be ${range(low[column], high[column])} instead of ${range(row.duds_p05, row.duds_p95)}: what all strikes share does not average out.` : "";
}

function drawShares(shares, width) {
  const rows = shares.map((each, index) => ({...each, index}));
  return perName(rows.map((each) => each.group), width, {
    x: {domain: [0, 1], label: "Share in the variance →", tickFormat: (share) => `${Math.round(100 * share)} %`, ticks: Math.min(6, width / 90), clamp: true, grid: true},
    marks: [
      barX(rows, {x: (each) => Math.max(0, each.own), y: "index", fill: "var(--bar)", insetTop: 3, insetBottom: 3}),
      ruleY(rows, {y: "index", x1: (each) => each.own - 2 * (each.own_se ?? 0), x2: (each) => each.own + 2 * (each.own_se ?? 0), stroke: "var(--text)", strokeWidth: 2}),
      ruleX([0]),
    ],
  });
}

export function spreadSection(data) {
  const {variance} = data;
  const measures = [["duds", "number of duds"], ["log_accidents", "logarithm of expected accidents"]].filter(([key]) => variance?.[`${key}_first_order`]);
  if (!measures.length) {
    return section("spread", "What the spread hangs on", element("p", {}, "This run did not compute it."));
  }
  const row = select(variance.row.map((name, i) => [i, name]).reverse(), () => renew());
  const measure = select(measures, () => renew());
  const column = () => Number(row.value);
  const shares = () => sharesOf(variance, measure.value, column());
  const table = element("div");
  const sentence = element("p", {"aria-live": "polite"});
  const figure = new Figure(data, "Shares of groups of draws in the variance: by itself (bar) with a 95 % Monte Carlo interval (line).", (width) => drawShares(shares(), width),
    () => `Bar chart. ${shares().slice(0, 3).map((each) => `${each.group}: ${withError(each.own, each.own_se)}`).join("; ")}.`);
  const renew = () => {
    const now = shares();
    const because = measure.value === "duds" ? independence(data, column()) : "";
    sentence.replaceChildren(nameOf(variance.row[column()]), now.length ? `: most of the spread comes from ${now[0].group}. ${because}` : ": nothing varies here.");
    table.replaceChildren(sharesTable(now, measures.find(([key]) => key === measure.value)[1]));
    figure.renew();
  };
  renew();
  return section("spread", "What the spread hangs on",
    element("div", {class: "controls no-print"}, labelled("Row", row), measures.length > 1 ? labelled("Of the", measure) : null), sentence, figure.node, table);
}
