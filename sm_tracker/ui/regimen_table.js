// Puts the table into the page and tells which period was chosen. The keyboard stays where
// it was when the table is drawn anew.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  const held = place.contains(document.activeElement)
    ? document.activeElement.closest("[data-period]")?.dataset.period
    : undefined;
  place.innerHTML = data.table;
  for (const row of place.querySelectorAll("[data-period]")) {
    row.onclick = () => setTriggerValue("period", row.dataset.period);
    if (row.dataset.period === held) row.querySelector("button")?.focus();
  }
}
