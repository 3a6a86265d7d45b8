import { ActionIcon, AppShell, Avatar, Box, Drawer, Group, Menu, ScrollArea, Stack, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconKeyboard, IconLogout, IconMoon, IconSettings, IconSun } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { initials } from '../../format/index.ts';
import { DemonstrationMark, MenuLink, PlainLink, useShortcuts, type FeatureLink } from '../../primitives/index.ts';
import { useAccount, useSession, type Account } from '../../session/index.ts';
import { features } from '../features.ts';
import { useServerInfo } from '../server-info.ts';
import { LanguageMenu } from './LanguageMenu.tsx';
import { Logo } from './Logo.tsx';
import { OfflineBanner } from './OfflineBanner.tsx';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import classes from './Shell.module.css';

const linksFor = (account: Account): FeatureLink[] => features.flatMap((feature) => feature.links ?? []).filter((link) => link.for(account)).sort((a, b) => a.order - b.order);

/** Navigation at the side of a wide screen, at the bottom of a phone; the same links in both. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation('app');
  const account = useAccount();
  const navigate = useNavigate();
  const info = useServerInfo();
  const links = linksFor(account);
  const [help, helpDialog] = useDisclosure(false);
  useShortcuts([
    { keys: '?', label: t('shortcuts.title'), run: helpDialog.open },
    ...links.flatMap((link) => (link.key ? [{ keys: `g ${link.key}`, label: t('shortcuts.goto', { place: t(link.label) }), run: () => void navigate({ to: link.to }) }] : [])),
  ]);
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: true } }} padding={0} classNames={{ main: classes['main'] ?? '', header: classes['header'] ?? '', navbar: classes['navbar'] ?? '' }}>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap"><PlainLink to="/" className="row-link" aria-label={t('home')}><Logo compact={info?.demonstration === true} /></PlainLink>{info?.demonstration && <DemonstrationMark compact />}</Group>
          <Group gap={4} wrap="nowrap"><LanguageMenu /><AccountMenu account={account} onHelp={helpDialog.open} /></Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('navigation')}>
        <AppShell.Section grow component={ScrollArea} p="sm">
          <Stack gap={4}>{links.map((link) => <SideLink key={link.to} link={link} />)}</Stack>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <OfflineBanner />
        <Box p={{ base: 'md', sm: 'lg' }}>{children}</Box>
      </AppShell.Main>
      <BottomBar links={links} account={account} />
      <ShortcutsDialog opened={help} onClose={helpDialog.close} />
    </AppShell>
  );
}

function SideLink({ link, onClick }: { link: FeatureLink; onClick?: () => void }) {
  const { t } = useTranslation('app');
  return <MenuLink to={link.to} exact={link.to === '/'} label={t(link.label)} leftSection={<link.icon size={22} stroke={1.7} aria-hidden />} classNames={{ root: classes['link'] ?? '' }} {...(onClick ? { onClick } : {})} />;
}

function BottomBar({ links, account }: { links: readonly FeatureLink[]; account: Account }) {
  const { t } = useTranslation('app');
  const [opened, { open, close }] = useDisclosure(false);
  const main = links.filter((link) => link.main?.(account)).slice(0, 4);
  const rest = links.filter((link) => !main.includes(link));
  return (
    <>
      <nav className={`${classes['bottom']} no-print`} aria-label={t('navigation')}>
        {main.map((link) => (
          <PlainLink key={link.to} to={link.to} className={classes['tab'] ?? ''} {...{ activeOptions: { exact: link.to === '/' }, activeProps: { 'data-active': true, 'aria-current': 'page' } }}>
            <link.icon size={24} stroke={1.7} aria-hidden /><span>{t(link.short ?? link.label)}</span>
          </PlainLink>
        ))}
        {rest.length > 0 && <UnstyledButton className={classes['tab'] ?? ''} onClick={open} aria-haspopup="dialog" aria-expanded={opened}><IconDots size={24} aria-hidden /><span>{t('more')}</span></UnstyledButton>}
      </nav>
      <Drawer opened={opened} onClose={close} position="bottom" size="auto" title={<Text fw={650} component="span">{t('more')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack gap={4}>{rest.map((link) => <SideLink key={link.to} link={link} onClick={close} />)}</Stack>
      </Drawer>
    </>
  );
}

function AccountMenu({ account, onHelp }: { account: Account; onHelp: () => void }) {
  const { t } = useTranslation('app');
  const session = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme === 'dark';
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <ActionIcon radius="xl" size={44} aria-label={t('account', { name: account.name })}><Avatar size={38} radius="xl" color="bedside" aria-hidden>{initials(account.name)}</Avatar></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py="xs"><Text fw={600} dir="auto">{account.name}</Text><Text size="sm" c="dimmed">{t(`role.${account.role}`)}</Text></Box>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSettings size={20} aria-hidden />} onClick={() => void navigate({ to: '/settings' })}>{t('settings')}</Menu.Item>
        <Menu.Item leftSection={dark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>{dark ? t('light') : t('dark')}</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={20} aria-hidden />} onClick={onHelp}>{t('shortcuts.title')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={20} aria-hidden />} onClick={() => void session.signOut()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
