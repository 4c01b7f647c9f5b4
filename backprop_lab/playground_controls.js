// Buttons, fields and texts around the pictures; a wrong entry is named and put back.

/** An element with properties, aria-… attributes, data and children. */
export function make(tag, properties = {}, ...children) {
  const { aria = {}, data = {}, ...rest } = properties,
    node = document.createElement(tag);
  Object.assign(node, rest);
  for (const [name, value] of Object.entries(aria)) {
    node.setAttribute(name === "role" ? "role" : `aria-${name}`, value);
  }
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** A button that says in its title what it does. */
export function button(name, text, title, onclick) {
  return make("button", { type: "button", textContent: text, title, onclick, data: { name } });
}

const fits = {
  number: (text, { least, most }) => Number(text) >= least && Number(text) <= most,
  whole: (text, { least, most }) =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= (most ?? 1e9),
  positive: (text) => Number(text) > 0 && Number.isFinite(Number(text)),
  layers: (text) => /^\d+([\s,-]+\d+)+$/.test(text),
  text: (text) => text.length > 0,
};
const read = {
  layers: (text) => text.split(/[\s,-]+/).map(Number),
  text: (text) => text,
};

/** A field for a number or text. `kind` says what fits; `wrong` hears what does not. */
export function textField({
  name,
  label,
  kind,
  size = 6,
  wanted,
  changed,
  wrong,
  stepped,
  ...limits
}) {
  const input = make("input", { type: "text", size, data: { name } });
  if (kind !== "text" && kind !== "layers") input.inputMode = "decimal";
  let shown = "";
  const take = () => {
    const typed = input.value.trim();
    if (typed === shown) return;
    if (typed !== "" && fits[kind](typed, limits)) {
      shown = typed;
      changed((read[kind] ?? Number)(typed));
      return;
    }
    input.value = shown;
    wrong(label, typed, wanted);
  };
  input.onchange = take;
  input.onkeydown = (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key !== "Enter" && !(steps && stepped)) return;
    event.preventDefault();
    if (event.key === "Enter") take();
    else stepped(steps);
  };
  const show = (value, always = false) => {
    // a field that is being written in is left alone
    const untouched = always || input.value.trim() === shown || document.activeElement !== input;
    shown = String(value);
    if (untouched) input.value = shown;
  };
  return { name, node: make("label", { data: { part: name } }, label, input), input, show };
}

/** A menu of [value, text]. */
export function menu({ name, label, options, changed }) {
  const input = make("select", { data: { name }, onchange: () => changed(input.value) });
  const fill = (choices) => {
    const same =
      choices.length === input.options.length &&
      choices.every(([value], i) => input.options[i].value === value);
    if (!same)
      input.replaceChildren(
        ...choices.map(([value, textContent]) => make("option", { value, textContent })),
      );
  };
  fill(options);
  const show = (value) => {
    input.value = value;
  };
  return { name, node: make("label", { data: { part: name } }, label, input), input, show, fill };
}

/** A box to tick. */
export function tick({ name, label, changed }) {
  const input = make("input", {
    type: "checkbox",
    data: { name },
    onchange: () => changed(input.checked),
  });
  return {
    name,
    node: make("label", { data: { part: name } }, input, label),
    input,
    show: (on) => {
      input.checked = on;
    },
  };
}

/** A group of controls with a name. */
export function group(name, label, ...nodes) {
  return make(
    "fieldset",
    { className: "bp-group", data: { part: name } },
    make("legend", { textContent: label }),
    ...nodes,
  );
}

/** Give the user a file. */
export function download(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Several canvases side by side, with a line of text above, as one picture. */
export function onePicture(canvases, text, background, ink) {
  const shown = canvases.filter((canvas) => canvas.width > 1),
    gap = 16;
  const width = shown.reduce((sum, canvas) => sum + canvas.width + gap, gap);
  const height = Math.max(...shown.map((canvas) => canvas.height)) + 60;
  const whole = make("canvas", { width, height }),
    context = whole.getContext("2d");
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink;
  context.font = "20px sans-serif";
  context.fillText(text, gap, 32);
  let left = gap;
  for (const canvas of shown) {
    context.drawImage(canvas, left, 48);
    left += canvas.width + gap;
  }
  return whole;
}
