// Tells which part of the time was dragged out in the figure.
// The figure is mounted anew by every change of it, so it is looked for again each time.
export default function ({ setTriggerValue }) {
  const place = document.querySelector(".st-key-figure");
  if (!place) return;
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
  return () => observer.disconnect();
}
