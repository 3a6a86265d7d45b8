import { Button, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../../format/index.ts';
import { LANGUAGE_KEY } from '../i18n.ts';

/** The five languages, each in its own words. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation('app');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" px="xs" leftSection={<IconLanguage size={20} aria-hidden />} aria-label={`${t('language')}: ${languageNames[i18n.language as 'en'] ?? ''}`}>{i18n.language.toUpperCase()}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item key={language} lang={language} leftSection={language === i18n.language ? <IconCheck size={18} aria-hidden /> : <span style={{ width: 18, display: 'inline-block' }} />}
            aria-current={language === i18n.language ? 'true' : undefined}
            onClick={() => { localStorage.setItem(LANGUAGE_KEY, language); void i18n.changeLanguage(language); }}>
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
