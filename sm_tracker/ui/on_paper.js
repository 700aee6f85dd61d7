// A figure of the screen fits the page it is printed on: a drawing that knows its own size is
// scaled by the style sheet. The figure is drawn anew now and then, so it is told when needed.
// `data` names the light colour of each dark one; what was repainted is put back after printing.
export default function ({ data }) {
  const PAINTED = ["style", "fill", "stroke"];
  let screen = [];
  const onPaper = (paint) =>
    paint.replace(/(rgba?\()(\d+, \d+, \d+)/g, (all, head, known) => head + (data[known] ?? known));
  const repaint = (box) => {
    for (const part of box.querySelectorAll("*"))
      for (const name of PAINTED) {
        const paint = part.getAttribute(name);
        if (!paint?.includes("rgb")) continue;
        screen.push([part, name, paint]);
        part.setAttribute(name, onPaper(paint));
      }
  };
  const tell = () => {
    restore();
    for (const box of document.querySelectorAll(".js-plotly-plot .svg-container")) {
      const { width, height } = box.querySelector(".main-svg").getBoundingClientRect();
      if (!width || !height) continue;
      box.style.setProperty("--wide", width);
      box.style.setProperty("--high", height);
      for (const drawing of box.querySelectorAll(".main-svg"))
        drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      repaint(box);
    }
  };
  const restore = () => {
    for (const [part, name, paint] of screen) part.setAttribute(name, paint);
    screen = [];
  };
  addEventListener("beforeprint", tell);
  addEventListener("afterprint", restore);
  return () => {
    removeEventListener("beforeprint", tell);
    removeEventListener("afterprint", restore);
  };
}
