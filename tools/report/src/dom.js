// dom.js - elements from data. Texts are only ever set as text: markup in a name stays text.

// element("td", {class: "number", dir: "auto"}, "text", another element, ...)
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      made.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A name in whatever script, so that it does not turn what stands beside it.
export function nameOf(text) {
  return element("bdi", {}, text);
}

let lastId = 0;
export function freshId(stem) {
  lastId += 1;
  return `${stem}-${lastId}`;
}

// A section with its heading, for the page and its contents.
export function section(id, title, ...children) {
  return element("section", {id, "aria-labelledby": `${id}-title`}, element("h2", {id: `${id}-title`}, title), ...children);
}

// A table that scrolls by itself on a narrow screen, by keyboard too.
export function scroller(label, table) {
  return element("div", {class: "scroller", role: "region", "aria-label": label, tabindex: "0"}, table);
}

// A control with its label before it.
export function labelled(label, control) {
  const id = freshId("control");
  control.id = id;
  return element("span", {class: "control"}, element("label", {for: id}, label), " ", control);
}

export function select(options, onchange) {
  return element("select", {onchange}, ...options.map(([value, text]) => element("option", {value}, text)));
}
