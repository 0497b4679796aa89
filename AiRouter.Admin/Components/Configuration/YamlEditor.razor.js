// A text area with line numbers, colours and marks. Only the lines that can be seen are painted, so that long documents stay smooth.

const pause = 400; // milliseconds after the last key until what was typed is checked
const key = /^(\s*(?:- +)*)((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'{}[\],&*!|>%@`-][^:#{}[\],]*?|-[^\s:][^:]*?))(:)(?=\s|$)/;
const part = /("(?:[^"\\]|\\.)*"|'[^']*')|((?:^|\s)#.*$)|([{,]\s*)([A-Za-z_][\w./*-]*)(:)(?=\s)|(\b(?:true|false|null)\b|(?<![\w.:-])-?\d+(?:\.\d+)?(?![\w.:/-]))/g;

export function attach(frame, area, page, text) {
  const gutter = frame.querySelector(".editor-gutter");
  const paint = frame.querySelector(".editor-paint");
  const listening = new AbortController();
  let lines = [];
  let marks = new Set();
  let timer = 0;

  const listen = (target, name, handler, options) =>
    target.addEventListener(name, handler, { ...options, signal: listening.signal });
  const height = () => parseFloat(getComputedStyle(area).lineHeight);

  function draw() {
    const row = height();
    const first = Math.max(0, Math.floor(area.scrollTop / row) - 2);
    const last = Math.min(lines.length, first + Math.ceil(area.clientHeight / row) + 5);
    const numbers = document.createDocumentFragment();
    const painted = document.createDocumentFragment();
    for (let i = first; i < last; i++) {
      numbers.append(element("div", marks.has(i + 1) ? "marked" : "", String(i + 1)));
      const line = element("div", marks.has(i + 1) ? "marked" : "");
      colour(lines[i], line);
      painted.append(line);
    }
    const top = first * row - area.scrollTop;
    gutter.replaceChildren(shifted(numbers, 0, top));
    paint.replaceChildren(shifted(painted, -area.scrollLeft, top));
    gutter.style.minWidth = `${Math.max(2, String(lines.length).length) + 2}ch`;
  }

  function changed() {
    lines = area.value.split("\n");
    draw();
  }

  function tell() {
    clearTimeout(timer);
    timer = setTimeout(() => page.invokeMethodAsync("Typed"), pause);
  }

  listen(area, "input", () => {
    marks = new Set();
    changed();
    tell();
  });
  listen(area, "scroll", draw, { passive: true });
  listen(area, "keydown", event => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      clearTimeout(timer);
      page.invokeMethodAsync("Save");
    } else if (event.key === "Enter" && !area.readOnly && !event.isComposing) {
      event.preventDefault();
      const before = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
      const indent = /^ */.exec(before)[0] + (/:\s*$/.test(before) ? "  " : "");
      document.execCommand("insertText", false, "\n" + indent); // the only way that keeps undo
    }
  });
  const resizing = new ResizeObserver(draw);
  resizing.observe(area);

  area.value = text;
  changed();

  return {
    read: () => new TextEncoder().encode(area.value),
    write(value) {
      clearTimeout(timer);
      area.value = value;
      marks = new Set();
      area.scrollTop = 0;
      changed();
    },
    mark(numbers) {
      marks = new Set(numbers);
      draw();
    },
    goTo(line, column) {
      const at = Math.min(line, lines.length) - 1;
      let start = Math.min(column - 1, lines[at].length);
      for (let i = 0; i < at; i++) {
        start += lines[i].length + 1;
      }
      area.focus();
      area.setSelectionRange(start, start);
      area.scrollTop = at * height() - area.clientHeight / 3;
      area.scrollLeft = 0;
      frame.scrollIntoView({ block: "nearest" });
    },
    dispose() {
      clearTimeout(timer);
      resizing.disconnect();
      listening.abort();
    },
  };
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function shifted(content, left, top) {
  const block = element("div", "editor-lines");
  block.style.transform = `translate(${left}px, ${top}px)`;
  block.append(content);
  return block;
}

// Line by line: what a block of text says may be coloured as if it were YAML, which does no harm.
function colour(text, into) {
  const named = key.exec(text);
  let rest = text;
  if (named) {
    into.append(named[1], element("span", "yaml-key", named[2]), named[3]);
    rest = text.slice(named[0].length);
  }

  let done = 0;
  for (const found of rest.matchAll(part)) {
    into.append(rest.slice(done, found.index));
    if (found[1]) {
      into.append(element("span", "yaml-text", found[0]));
    } else if (found[2]) {
      into.append(element("span", "yaml-comment", found[0]));
    } else if (found[4]) {
      into.append(found[3], element("span", "yaml-key", found[4]), found[5]);
    } else {
      into.append(element("span", "yaml-value", found[0]));
    }
    done = found.index + found[0].length;
  }
  into.append(rest.slice(done) || "\u200b");
}
