// A figure of the screen fits the page it is printed on: a drawing that knows its own size is
// scaled by the style sheet. The figure is drawn anew now and then, so it is told when needed.
export default function () {
  const tell = () => {
    for (const box of document.querySelectorAll(".js-plotly-plot .svg-container")) {
      const { width, height } = box.querySelector(".main-svg").getBoundingClientRect();
      if (!width || !height) continue;
      box.style.setProperty("--wide", width);
      box.style.setProperty("--high", height);
      for (const drawing of box.querySelectorAll(".main-svg"))
        drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    }
  };
  addEventListener("beforeprint", tell);
  return () => removeEventListener("beforeprint", tell);
}
