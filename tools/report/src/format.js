// format.js - numbers as people say them: two significant figures, thousands separated. Exact values are in the CSV and JSON.

// 163.2 -> "160", 0.0123 -> "0.012", 1234567 -> "1,200,000"; whole numbers below 100 as they are.
export function about(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  if (value === 0) {
    return "0";
  }
  const rounded = Number(value.toPrecision(2));
  if (Math.abs(rounded) >= 1e-4) {
    return rounded.toLocaleString("en", {maximumSignificantDigits: 2, maximumFractionDigits: 20, useGrouping: true});
  }
  return rounded.toExponential(1).replace("e-", "·10⁻").replace(/⁻(\d+)$/, (_, digits) =>
    "⁻" + [...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join(""));
}

// Counts without a unit below one dud are "less than 1", not "0.3 duds".
export function range(low, high) {
  return low === null || high === null || low === undefined || high === undefined ? "–" : `${about(low)} to ${about(high)}`;
}

export function percent(share) {
  if (share === null || share === undefined || !Number.isFinite(share)) {
    return "–";
  }
  const hundred = 100 * share;
  if (hundred > 0 && hundred < 1) {
    return "< 1 %";
  }
  return hundred < 100 && hundred > 99 ? "> 99 %" : `${Math.round(hundred)} %`;
}

// The file's units as people write them.
export function unitText(unit) {
  return {"hectare-1": "per hectare", hectare: "ha", 1: ""}[unit] ?? unit;
}

// "dud_density_standard_error" -> "dud density standard error"
export function words(name) {
  return name.replace(/_/g, " ");
}
