// What is selected in the article's text, in code points. The browser counts UTF-16 units, the server code points;
// the two meet here and nowhere else. A block of the text is an element with data-start.

// The article's block around a node, or none: claims never begin or end outside of the text.
export function blockOf(node, within) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const block = element?.closest("[data-start]");
  return block && within?.contains(block) ? block : null;
}

// {start, end, quote, range} of the selection inside `within`, or null.
export function selectedIn(within) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  let { endContainer, endOffset } = range;
  if (!blockOf(endContainer, within) || (endOffset === 0 && blockOf(endContainer, within) !== blockOf(range.startContainer, within))) {
    // a triple click ends at the beginning of the next block
    const first = blockOf(range.startContainer, within);
    if (!first) return null;
    endContainer = first;
    endOffset = first.childNodes.length;
  }
  let start = position(range.startContainer, range.startOffset, within);
  let end = position(endContainer, endOffset, within);
  if (start === null || end === null) return null;
  const text = textOf(range, endContainer, endOffset);
  const points = Array.from(text);
  const leading = points.findIndex((point) => point.trim());
  if (leading < 0) return null;
  start += leading;
  end -= points.length - points.findLastIndex((point) => point.trim()) - 1;
  return end > start ? { start, end, quote: text.trim(), range } : null;
}

function position(container, offset, within) {
  const block = blockOf(container, within);
  return block ? Number(block.dataset.start) + offsetIn(block, container, offset) : null;
}

// Code points of the article's own text from the block's beginning to a point; words for screen readers do not count.
function offsetIn(block, container, offset) {
  const range = document.createRange();
  range.selectNodeContents(block);
  range.setEnd(container, offset);
  const fragment = range.cloneContents();
  for (const extra of fragment.querySelectorAll(".visually-hidden")) extra.remove();
  return Array.from(fragment.textContent).length;
}

function textOf(range, endContainer, endOffset) {
  const own = range.cloneRange();
  own.setEnd(endContainer, endOffset);
  const fragment = own.cloneContents();
  for (const extra of fragment.querySelectorAll(".visually-hidden")) extra.remove();
  const blocks = [...fragment.querySelectorAll("[data-start]")];
  return blocks.length ? blocks.map((block) => block.textContent).join("\n") : fragment.textContent;
}
