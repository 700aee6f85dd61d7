// Tells which part of the time was dragged out in the figure, and whether it is as narrow as
// a phone. The figure is mounted anew by every change of it, so it is looked for again each time.
export default function ({ data, setStateValue, setTriggerValue }) {
  const place = document.querySelector(".st-key-figure");
  if (!place) return;
  const phone = matchMedia("(max-width: 600px)");
  const measure = () => {
    if (phone.matches !== data.phone) setStateValue("phone", phone.matches);
  };
  measure();
  phone.addEventListener("change", measure);
  const watch = () => {
    const plot = place.querySelector(".js-plotly-plot");
    if (!plot?.on || plot.watchedForZoom) return;
    plot.watchedForZoom = true;
    plot.on("plotly_relayout", (change) => {
      const from = change["xaxis.range[0]"], to = change["xaxis.range[1]"];
      if (from !== undefined) setTriggerValue("range", `${from}|${to}`);
    });
  };
  watch();
  const observer = new MutationObserver(watch);
  observer.observe(place, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    phone.removeEventListener("change", measure);
  };
}
