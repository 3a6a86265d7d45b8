/** A block of written text: a paragraph, or the items of a list with their marks. */
export type Block = { readonly kind: 'paragraph'; readonly text: string } | { readonly kind: 'list'; readonly items: readonly { readonly mark: string; readonly text: string }[] };

const itemStart = /^\s*(?:([-*•–])|(\d{1,3}[.)、]))\s+(?=\S)/u;

/** Parts text into blocks: empty lines part paragraphs, lines that begin with a mark or a number are list items, other line feeds stay. */
export function readProse(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let items: { mark: string; text: string }[] = [];
  const close = (): void => {
    if (lines.length > 0) blocks.push({ kind: 'paragraph', text: lines.join('\n') });
    if (items.length > 0) blocks.push({ kind: 'list', items });
    lines = [];
    items = [];
  };
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    const start = itemStart.exec(line);
    if (line.trim() === '') close();
    else if (start) {
      if (lines.length > 0) close();
      items.push({ mark: start[2] ?? '•', text: line.slice(start[0].length).trim() });
    } else if (items.length > 0 && /^\s/.test(line)) {
      // An indented line goes on with the item above it.
      const item = items.pop()!;
      items.push({ mark: item.mark, text: `${item.text} ${line.trim()}` });
    } else {
      if (items.length > 0) close();
      lines.push(line.trim());
    }
  }
  close();
  return blocks;
}
