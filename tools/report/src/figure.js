// figure.js - a chart that fits its place: drawn anew when the width changes; every one with its caption and, inside, what it may be used for.
import {element} from "./dom.js";

// draw(width) gives an SVG or HTML element; describe() a sentence that says what is seen, for those who do not see it.
export class Figure {
  constructor(data, caption, draw, describe = () => caption) {
    this.draw = draw;
    this.describe = describe;
    this.box = element("div", {class: "chart"});
    const internal = data.internal ? "INTERNAL, not for publication. " : "";
    this.node = element("figure", {}, this.box, element("figcaption", {}, `${internal}${caption} Strikes up to ${data.as_of}. ${data.sentence}`));
    this.width = 0;
    new ResizeObserver(() => this.fit()).observe(this.box);
  }

  fit() {
    const width = Math.min(Math.floor(this.box.clientWidth), 1000);
    if (width > 0 && width !== this.width) {
      this.width = width;
      this.renew();
    }
  }

  renew() {
    if (this.width > 0) {
      const chart = this.draw(this.width);
      const svg = chart.tagName === "svg" ? chart : chart.querySelector("svg");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", this.describe());
      // The picture speaks for its parts, which have no role of their own.
      for (const part of svg.querySelectorAll("[aria-label]")) {
        part.dataset.part = part.getAttribute("aria-label");
        part.removeAttribute("aria-label");
      }
      this.box.replaceChildren(chart);
    }
  }
}

// Names as the labels of an axis: as wide as they need to be, at most two fifths of the chart; longer ones end in dots.
export function nameAxis(names, width) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = "13px system-ui, sans-serif";
  const most = Math.floor(0.4 * width) - 12;
  const cut = (name) => {
    let text = name;
    while (text.length > 1 && context.measureText(`${text}…`).width > most) {
      text = [...text].slice(0, -1).join("");
    }
    return text === name ? name : `${text}…`;
  };
  const texts = names.map((name) => (context.measureText(name).width > most ? cut(name) : name));
  const margin = Math.ceil(Math.max(20, ...texts.map((text) => context.measureText(text).width))) + 12;
  return {margin, format: (index) => texts[index]};
}
