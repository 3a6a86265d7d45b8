import { Fragment, type ReactNode } from 'react';

/** `**bold**` inside a line; everything else stays text. */
const inline = (text: string): ReactNode[] => text.split(/(\*\*[^*]+\*\*)/u).map((part, index) => (part.startsWith('**') && part.endsWith('**') && part.length > 4 ? <strong key={index}>{part.slice(2, -2)}</strong> : <Fragment key={index}>{part}</Fragment>));

/** The little of Markdown that people write in a profile (paragraphs, lists, bold), as elements: no HTML of a source ever gets into the page. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.trim().split(/\n{2,}/u);
  return (
    <div dir="auto" style={{ textAlign: 'start' }}>
      {blocks.map((block, index) => {
        const lines = block.split('\n');
        if (lines.every((line) => /^\s*[-*]\s+/u.test(line))) return <ul key={index}>{lines.map((line) => <li key={line}>{inline(line.replace(/^\s*[-*]\s+/u, ''))}</li>)}</ul>;
        return <p key={index} style={{ marginBlock: '0 .6em' }}>{lines.map((line, at) => <Fragment key={at}>{at > 0 && <br />}{inline(line.replace(/^#+\s*/u, ''))}</Fragment>)}</p>;
      })}
    </div>
  );
}
