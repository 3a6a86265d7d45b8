import { Alert, Checkbox, PinInput, Stack, Text, Input } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ask } from '../../../primitives/index.ts';
import { titleOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { deskOf } from '../materials/desk.ts';
import { useResources } from '../../../fhir/index.ts';

/** Signing asks again who one is: a code from the authenticator app. Images chosen here are printed in the report. */
export function SignDialog({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const { t } = useTranslation('process');
  const [code, setCode] = useState('');
  const [images, setImages] = useState<readonly string[]>([]);
  const sign = usePerform(view.id);
  const pictures = deskOf(view).filter((item) => !item.removed && (item.kind === 'imaging' || item.kind === 'photo' || item.kind === 'ecg'));
  const { found } = useResources(pictures.map((item) => item.key));
  return (
    <Ask opened onClose={onClose} title={t('action.sign-report')} confirm={t('action.sign-report')} busy={sign.isPending} disabled={code.length !== 6} error={sign.error}
      onConfirm={() => sign.mutate({ action: 'sign-report', input: [{ name: 'code', valueString: code }, ...images.map((reference) => ({ name: 'images', valueReference: { reference } }))] }, { onSuccess: () => { notifications.show({ message: t('did.sign-report'), color: 'green' }); onClose(); }, onError: () => setCode('') })}>
      <Stack>
        <Text>{t('signAbout')}</Text>
        {pictures.length > 0 && <Checkbox.Group label={t('imagesInReport')} value={[...images]} onChange={setImages}><Stack gap="xs" mt="xs">{pictures.map((item) => <Checkbox key={item.key} value={item.key} label={titleOfResource(found.get(item.key)) ?? item.key} />)}</Stack></Checkbox.Group>}
        <Input.Wrapper label={t('input.code')} size="md" labelElement="div"><div dir="ltr"><PinInput length={6} type="number" oneTimeCode value={code} onChange={setCode} size="lg" aria-label={t('input.code')} getInputProps={(index) => ({ 'aria-label': t('digit', { n: index + 1 }) })} /></div></Input.Wrapper>
        <Alert color="blue">{t('noAuthenticator')}</Alert>
      </Stack>
    </Ask>
  );
}
