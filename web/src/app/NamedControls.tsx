import { MantineThemeProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { datesLocale } from './i18n.ts';

/** Names for the buttons of calendars, clocks and confirmations, which show a sign only; months and days in the reader's language. */
export function NamedControls({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation('app');
  const { language } = i18n;
  const theme = useMemo(() => {
    const ariaLabels = {
      nextMonth: t('calendar.nextMonth'), previousMonth: t('calendar.previousMonth'), nextYear: t('calendar.nextYear'), previousYear: t('calendar.previousYear'),
      nextDecade: t('calendar.nextDecade'), previousDecade: t('calendar.previousDecade'), monthLevelControl: t('calendar.months'), yearLevelControl: t('calendar.years'),
    };
    const clearButtonProps = { 'aria-label': t('calendar.clear') };
    return { components: {
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('close') } } },
      DateInput: { defaultProps: { ariaLabels, clearButtonProps } },
      DateTimePicker: { defaultProps: { ariaLabels, clearButtonProps, submitButtonProps: { 'aria-label': t('calendar.done') }, timePickerProps: { hoursInputLabel: t('calendar.hours'), minutesInputLabel: t('calendar.minutes') } } },
    } };
  }, [t]);
  return <MantineThemeProvider theme={theme} inherit><DatesProvider settings={{ locale: datesLocale(language) }}>{children}</DatesProvider></MantineThemeProvider>;
}
