// contours.js - edges between cells inside and outside a share of the containment, as long straight lines.

// Lines of [[y, x], [y, x]] in metres of the grid.
export function contourLines(layer, share) {
  const {nx, ny, xmin_m, ymin_m, cell_size_m} = layer.grid;
  const bytes = layer.bytes;
  const inside = Array.from({length: 256}, (_, level) => level > 0 && layer.valueOf(level) <= share + 1e-9);
  const at = (x, y) => x >= 0 && x < nx && y >= 0 && y < ny && inside[bytes[y * nx + x]];
  const top = ymin_m + ny * cell_size_m;
  const place = (x, y) => [top - y * cell_size_m, xmin_m + x * cell_size_m];
  const lines = [];
  const walk = (outer, inner, differs, line) => {
    for (let o = 0; o <= outer; o++) {
      for (let i = 0, start = -1; i <= inner; i++) {
        const edge = i < inner && differs(o, i);
        if (edge && start < 0) {
          start = i;
        } else if (!edge && start >= 0) {
          lines.push(line(o, start, i));
          start = -1;
        }
      }
    }
  };
  walk(ny, nx, (y, x) => at(x, y) !== at(x, y - 1), (y, from, to) => [place(from, y), place(to, y)]);
  walk(nx, ny, (x, y) => at(x, y) !== at(x - 1, y), (x, from, to) => [place(x, from), place(x, to)]);
  return lines;
}
