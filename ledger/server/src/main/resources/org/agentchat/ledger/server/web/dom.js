// Makes elements. Text becomes text nodes, never markup, so nothing from the log can be more than text.

const ATTRIBUTES = /^(class|id|title|datetime|scope|role|hidden|open|type|colspan|tabindex|dir|for|href|download|aria-[a-z]+)$/;

/** Links lead to this server only. */
const OURS = /^(\/(?!\/)|#)/;

/** An element with attributes and children: elements, texts, or null for nothing. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (!ATTRIBUTES.test(key)) {
      throw new Error(`no attribute ${key} is set here`);
    }
    if (key === "href" && !OURS.test(value)) {
      throw new Error(`no link to ${value}`);
    }
    if (value !== null && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * A text that somebody else wrote, kept from leaking its direction, with control characters (also
 * those that reorder the text around them) shown by their number.
 */
export function said(text) {
  return el("bdi", { class: "said" }, visible(text));
}

/** The text with its invisible characters written out; line feeds stay. */
export function visible(text) {
  return String(text).replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** At most so many characters of a text. */
export function shortened(text, most) {
  const characters = [...String(text)];
  return characters.length <= most ? String(text) : characters.slice(0, most - 1).join("") + "…";
}

const ZONED = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

/** A moment in the reader's zone, its ISO form as the title. From milliseconds since 1970 or ISO text. */
export function moment(when) {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) {
    return el("span", {}, "at no readable time");
  }
  const iso = date.toISOString();
  return el("time", { datetime: iso, title: iso }, ZONED.format(date));
}

/** Whole numbers with the reader's separators. */
export function number(value) {
  return new Intl.NumberFormat().format(value);
}

/** With its sign, zero without. */
export function signed(value) {
  const text = value > 0 ? `+${number(value)}` : number(value).replace("-", "\u2212");
  const kind = value > 0 ? "up" : value < 0 ? "down" : "still";
  return el("span", { class: `change ${kind}` }, text);
}

/** Something long and technical, breakable anywhere. */
export function code(text) {
  return el("code", {}, visible(text));
}

/** A table with a caption. Columns are { title, class }; rows are lists of cells. */
export function table(caption, columns, rows) {
  return el(
    "table",
    {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, columns.map((column) =>
      el("th", { scope: "col", class: column.class ?? null }, column.title)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, i) =>
      el("td", { class: columns[i].class ?? null }, cell))))),
  );
}

/** Names and values: pairs of [name, value]; a pair that is null is left out. */
export function facts(pairs, kind = "facts") {
  return el("dl", { class: kind }, pairs.filter((pair) => pair !== null && pair[1] !== null).map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** A button that does something. */
export function button(label, action, kind = null) {
  const made = el("button", { type: "button", class: kind }, label);
  made.addEventListener("click", action);
  return made;
}

/** Something that can be opened. */
export function details(summary, ...content) {
  return el("details", {}, el("summary", {}, summary), ...content);
}
