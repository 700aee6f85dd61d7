// The cells of a visit: Tab walks on, Enter and the arrows go down and up, text copied from a
// spreadsheet fills them. Cells are only made when the rows change, so that the page drawn
// anew never takes a key away from whoever types; means and changes are put in beside them.
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  const inputs = () => [...place.querySelectorAll("input")];
  const at = (row, column) =>
    place.querySelector(`input[data-row="${row}"][data-column="${column}"]`);
  const send = () => {
    const cells = {};
    for (const i of inputs()) if (i.value.trim()) cells[`${i.dataset.row} ${i.dataset.column}`] = i.value;
    setStateValue("cells", cells);
  };
  if (place.shown !== data.table) {
    const typed = new Map(inputs().map((i) => [`${i.dataset.name} ${i.dataset.column}`, i.value]));
    const first = !place.shown, held = place.contains(document.activeElement)
      ? document.activeElement.dataset : undefined;
    place.innerHTML = data.table;
    place.shown = data.table;
    for (const i of inputs()) i.value = typed.get(`${i.dataset.name} ${i.dataset.column}`) ?? "";
    if (typed.size) send();
    if (first) at(0, 0)?.focus();
    else if (held) (at(held.row, held.column) ?? at(0, 0))?.focus();
  }
  place.querySelectorAll("[data-said]").forEach((cell) => {
    const said = data.said[cell.dataset.said] ?? "";
    if (cell.textContent !== said) cell.textContent = said;
  });
  const more = place.querySelector("button.more");
  // The cells typed so far are told first, then one more column is asked for.
  const widen = () => { send(); setTriggerValue("more", Date.now()); };
  if (more) more.onclick = widen;
  for (const input of inputs()) {
    const row = Number(input.dataset.row), column = Number(input.dataset.column);
    input.onchange = send;
    input.onfocus = () => input.select();
    input.onkeydown = (event) => {
      if (event.key === "+" && event.altKey) { event.preventDefault(); widen(); return; }
      const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.isComposing) return;
      event.preventDefault();
      (at(row + step, column) ?? (event.key === "Enter" ? at(0, column + 1) : null))?.focus();
    };
    input.onpaste = (event) => {
      const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
      if (!/[\t\n]/.test(text)) return;
      event.preventDefault();
      text.split("\n").forEach((line, down) =>
        line.split("\t").forEach((value, right) => {
          const target = at(row + down, column + right);
          if (target) target.value = value.trim();
        }));
      send();
    };
  }
}
