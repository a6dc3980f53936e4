// charts.js - intervals, exceedance curves, ranks and what the spread hangs on.
export const intervalSection = () => null, curveSection = () => null, rankingSection = () => null, spreadSection = () => null;
