// A text area with line numbers. What was typed is told a moment after the last key, so that not every letter goes to the server.

const pause = 300; // milliseconds

export function attach(frame, area, page, text) {
  const numbers = frame.querySelector(".code-numbers");
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let marked = null;
  let count = 0;
  let timer = 0;

  const height = () => parseFloat(getComputedStyle(area).lineHeight);

  function number() {
    const lines = area.value.split("\n").length;
    if (lines !== count) {
      count = lines;
      numbers.replaceChildren(...Array.from({ length: lines }, (_, i) => {
        const line = document.createElement("div");
        line.textContent = String(i + 1);
        return line;
      }));
    }
    for (const line of numbers.querySelectorAll(".marked")) {
      line.classList.remove("marked");
    }
    if (marked !== null) {
      numbers.children[marked - 1]?.classList.add("marked");
    }
    follow();
  }

  function follow() {
    numbers.scrollTop = area.scrollTop;
  }

  area.addEventListener("input", () => {
    marked = null;
    number();
    clearTimeout(timer);
    timer = setTimeout(() => page.invokeMethodAsync("Typed", area.value), pause);
  }, options);
  area.addEventListener("scroll", follow, { ...options, passive: true });
  area.value = text;
  number();

  return {
    write(value) {
      clearTimeout(timer);
      marked = null;
      area.value = value;
      area.scrollTop = 0;
      number();
    },
    mark(line) {
      marked = line;
      number();
    },
    goTo(line, column) {
      const lines = area.value.split("\n");
      const at = Math.max(0, Math.min(line, lines.length) - 1);
      const start = lines.slice(0, at).reduce((sum, l) => sum + l.length + 1, 0) + Math.min(column - 1, lines[at].length);
      area.focus();
      area.setSelectionRange(start, Math.min(start + 1, area.value.length));
      area.scrollTop = at * height() - area.clientHeight / 3;
      frame.scrollIntoView({ block: "nearest" });
    },
    dispose() {
      clearTimeout(timer);
      listening.abort();
    },
  };
}
