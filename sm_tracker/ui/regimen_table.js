// Puts the table into the page and tells which period was chosen. The table is drawn anew
// only where it changed, and the keyboard then stays in its row.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  if (place.shown !== data.table) {
    const held = place.contains(document.activeElement)
      ? document.activeElement.closest("[data-period]")?.dataset.period
      : undefined;
    place.innerHTML = data.table;
    place.shown = data.table;
    const row = held && place.querySelector(`[data-period="${CSS.escape(held)}"]`);
    row?.querySelector("button")?.focus();
  }
  for (const row of place.querySelectorAll("[data-period]")) {
    row.onclick = () => {
      setTriggerValue("period", row.dataset.period);
      // What was chosen lights up in the figure, so the figure comes into view with it.
      document.querySelector(".st-key-figure")?.scrollIntoView({ block: "nearest" });
    };
  }
}
