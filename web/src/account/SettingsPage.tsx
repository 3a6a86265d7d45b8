import { Badge, Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconExternalLink, IconLanguage, IconShieldLock, IconUser } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages, ownZone, useZone } from '../format/index.ts';
import { Fact, Page, Section } from '../primitives/index.ts';
import { useAccount } from '../session/index.ts';
import { chooseZone } from './zone-choice.ts';

export const LANGUAGE_KEY = 'bedside.language';

/** Who I am here, and how I want to see it. */
export function SettingsPage() {
  const { t, i18n } = useTranslation(['account', 'app']);
  const account = useAccount();
  const zone = useZone();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zones = useMemo(() => [...new Set([ownZone(), zone, ...Intl.supportedValuesOf('timeZone')])].map((value) => ({ value, label: value.replaceAll('_', ' ') })), [zone]);
  const language = (value: string | null): void => {
    if (!value) return;
    localStorage.setItem(LANGUAGE_KEY, value);
    void i18n.changeLanguage(value);
  };
  return (
    <Page title={t('settings')} width={760}>
      <Section title={t('you')} icon={IconUser}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}><Fact label={t('name')}>{account.name}</Fact><Fact label={t('roleLabel')}>{t(`app:role.${account.role}`)}</Fact><Fact label={t('institution')}>{account.institutionName}</Fact></SimpleGrid>
      </Section>
      <Section title={t('languageAndTime')} icon={IconLanguage}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label={t('language')} value={i18n.language} onChange={language} allowDeselect={false} data={languages.map((value) => ({ value, label: languageNames[value] }))} />
          <Select label={t('zone')} searchable value={zone} onChange={(value) => chooseZone(value ?? undefined)} allowDeselect={false} data={zones} limit={80} nothingFoundMessage={t('noZone')} />
        </SimpleGrid>
      </Section>
      <Section title={t('appearance')} icon={IconDeviceDesktop}>
        <SegmentedControl aria-label={t('appearance')} value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)} data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))} />
      </Section>
      <Section title={t('security')} icon={IconShieldLock}>
        <Stack gap="sm">
          <Text>{t('securityAbout')}</Text>
          <Group><Badge color={account.methods.includes('otp') ? 'green' : 'orange'}>{account.methods.includes('otp') ? t('otpOn') : t('otpOff')}</Badge></Group>
          <Group><Button component="a" href="/oauth/account" variant="default" leftSection={<IconExternalLink size={18} aria-hidden />}>{t('changeSecurity')}</Button></Group>
        </Stack>
      </Section>
    </Page>
  );
}
