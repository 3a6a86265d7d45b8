import { Anchor, Button, NavLink, type AnchorProps, type ButtonProps, type NavLinkProps } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';

/** Where to go: a path of ours and, when needed, what stands after `?`. */
interface Target { readonly to: string; readonly search?: Readonly<Record<string, string | undefined>> }
type Native = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'color' | 'style'>;

const props = ({ to, search }: Target): LinkProps => ({ to, ...(search ? { search } : {}) }) as LinkProps;

/** A link inside the application; the router takes it without a reload. */
export function PlainLink({ to, search, children, ...rest }: Target & Native & { children: ReactNode }) {
  return <Link {...props({ to, ...(search ? { search } : {}) })} {...(rest as object)}>{children}</Link>;
}
export function TextLink({ to, search, children, ...rest }: Target & Omit<AnchorProps, 'component'> & { children: ReactNode }) {
  return <Anchor {...rest} renderRoot={(root) => <Link {...props({ to, ...(search ? { search } : {}) })} {...root} />}>{children}</Anchor>;
}
export function ButtonLink({ to, search, children, ...rest }: Target & Omit<ButtonProps, 'component'> & { children: ReactNode }) {
  return <Button {...rest} renderRoot={(root) => <Link {...props({ to, ...(search ? { search } : {}) })} {...root} />}>{children}</Button>;
}
export function MenuLink({ to, search, exact = false, ...rest }: Target & NavLinkProps & { exact?: boolean }) {
  return <NavLink {...rest} renderRoot={(root) => <Link {...props({ to, ...(search ? { search } : {}) })} activeOptions={{ exact }} activeProps={{ 'data-active': true, 'aria-current': 'page' }} {...root} />} />;
}
