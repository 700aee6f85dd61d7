// Brings what the tour talks about into view, without moving the keyboard. At once: a page
// drawn anew meanwhile would stop a smooth way half-way.
export default function ({ data }) {
  document.querySelector(`.st-key-${data.key}`)?.scrollIntoView({ block: data.block });
}
