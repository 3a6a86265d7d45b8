import { Anchor, List, Table, Text } from '@mantine/core';
import type { Narrative, StyleCode } from '@bedside/cda';
import { Fragment, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Narrative nodes as our own elements, one for one. */
export function NarrativeView({ nodes, prefix }: { nodes: readonly Narrative[]; prefix: string }) {
  return <>{nodes.map((node, n) => <Fragment key={n}><Node node={node} prefix={prefix} /></Fragment>)}</>;
}

const css = (styles: readonly StyleCode[]): CSSProperties => ({
  ...(styles.includes('Bold') && { fontWeight: 700 }), ...((styles.includes('Italics') || styles.includes('Emphasis')) && { fontStyle: 'italic' }), ...(styles.includes('Underline') && { textDecoration: 'underline' }),
});

function Node({ node, prefix }: { node: Narrative; prefix: string }): ReactNode {
  const { t } = useTranslation('documents');
  if (typeof node === 'string') return node;
  const inner = 'children' in node ? <NarrativeView nodes={node.children} prefix={prefix} /> : null;
  const id = 'id' in node && node.id !== undefined ? `${prefix}-${node.id}` : undefined;
  switch (node.kind) {
    case 'paragraph': return <Text component="div" id={id} mb="xs" dir="auto" ta="start" style={css(node.styles)}>{inner}</Text>;
    case 'content': return <span id={id} style={css(node.styles)}>{inner}</span>;
    case 'footnote': return <Text component="span" size="sm" id={id}> ({inner})</Text>;
    case 'sub': return <sub>{inner}</sub>;
    case 'sup': return <sup>{inner}</sup>;
    case 'caption': return <Text component="div" fw={600} mb={4}>{inner}</Text>;
    case 'break': return <br />;
    case 'list': return <ListOf node={node} prefix={prefix} />;
    case 'item': return <div>{inner}</div>;
    case 'table': return <TableOf nodes={node.children} prefix={prefix} />;
    case 'thead': return <Table.Thead>{inner}</Table.Thead>;
    case 'tbody': return <Table.Tbody>{inner}</Table.Tbody>;
    case 'tfoot': return <Table.Tfoot>{inner}</Table.Tfoot>;
    case 'row': return <Table.Tr>{inner}</Table.Tr>;
    case 'cell': {
      const Cell = node.header && node.children.some((c) => typeof c !== 'string' || c.trim() !== '') ? Table.Th : Table.Td;
      return <Cell id={id} colSpan={node.columns} rowSpan={node.rows} style={css(node.styles)} dir="auto" ta="start">{inner}</Cell>;
    }
    case 'link': return node.inside
      ? <Anchor component="button" type="button" onClick={() => document.getElementById(`${prefix}-${node.href}`)?.scrollIntoView({ block: 'center' })}>{inner}</Anchor>
      : <Anchor href={node.href} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">{inner}</Anchor>;
    case 'image': return <img src={`data:${node.mediaType};base64,${node.base64}`} alt={node.caption || t('cda.image')} style={{ maxWidth: '100%', height: 'auto' }} />;
    case 'missing-image': return <Text component="span" c="dimmed">[{t('cda.image-missing')}{node.caption && `: ${node.caption}`}]</Text>;
  }
}

const isKind = (node: Narrative, kind: string): boolean => typeof node !== 'string' && node.kind === kind;

function ListOf({ node, prefix }: { node: { readonly ordered: boolean; readonly children: readonly Narrative[] }; prefix: string }) {
  const captions = node.children.filter((c) => isKind(c, 'caption'));
  const items = node.children.filter((c) => !isKind(c, 'caption'));
  return (
    <>
      <NarrativeView nodes={captions} prefix={prefix} />
      <List type={node.ordered ? 'ordered' : 'unordered'} mb="xs" withPadding>{items.map((item, n) => <List.Item key={n} dir="auto" ta="start"><NarrativeView nodes={typeof item !== 'string' && item.kind === 'item' ? item.children : [item]} prefix={prefix} /></List.Item>)}</List>
    </>
  );
}

/** Rows that stand loose in a table get a body, as HTML wants; captions come before it. */
function TableOf({ nodes, prefix }: { nodes: readonly Narrative[]; prefix: string }) {
  const { t } = useTranslation('documents');
  const captions = nodes.filter((c) => isKind(c, 'caption'));
  const loose = nodes.filter((c) => isKind(c, 'row'));
  const groups = nodes.filter((c) => isKind(c, 'thead') || isKind(c, 'tbody') || isKind(c, 'tfoot'));
  return (
    <>
      <NarrativeView nodes={captions} prefix={prefix} />
      <div role="group" tabIndex={0} aria-label={t('cda.table')} style={{ overflowX: 'auto', marginBottom: '0.75rem' }}>
        <Table withTableBorder withColumnBorders striped fz="sm" miw={320}>
          <NarrativeView nodes={groups} prefix={prefix} />
          {loose.length > 0 && <Table.Tbody><NarrativeView nodes={loose} prefix={prefix} /></Table.Tbody>}
        </Table>
      </div>
    </>
  );
}
