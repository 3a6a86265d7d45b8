import { Alert, Checkbox, PinInput, Stack, Text, Input } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Resource } from '@medplum/fhirtypes';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ask } from '../../../primitives/index.ts';
import { dateOfResource, titleOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { deskOf } from '../materials/desk.ts';
import { keyOf, useResources } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';

/** What can be printed in a report. */
const isPicture = (one: Resource): boolean => one.resourceType === 'DocumentReference' && /^image\/(png|jpeg)$/.test(one.content?.[0]?.attachment?.contentType ?? '');

/** Signing asks again who one is: a code from the authenticator app. Images chosen here are printed in the report. */
export function SignDialog({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  const [code, setCode] = useState('');
  const [images, setImages] = useState<readonly string[]>([]);
  const sign = usePerform(view.id);
  const onDesk = deskOf(view).filter((item) => !item.removed && item.key.startsWith('DocumentReference/'));
  const { found } = useResources(onDesk.map((item) => item.key));
  // Photographs among the materials, and what was drawn in the session.
  const pictures = [...onDesk.flatMap((item) => found.get(item.key) ?? []), ...view.pool].filter((one, at, all) => isPicture(one) && all.findIndex((other) => keyOf(other) === keyOf(one)) === at);
  return (
    <Ask opened onClose={onClose} title={t('action.sign-report')} confirm={t('action.sign-report')} busy={sign.isPending} disabled={code.length !== 6} error={sign.error}
      onConfirm={() => sign.mutate({ action: 'sign-report', input: [{ name: 'code', valueString: code }, ...images.map((reference) => ({ name: 'images', valueReference: { reference } }))] }, { onSuccess: () => { notifications.show({ message: t('did.sign-report'), color: 'green' }); onClose(); }, onError: () => setCode('') })}>
      <Stack>
        <Text>{t('signAbout')}</Text>
        {pictures.length > 0 && <Checkbox.Group label={t('imagesInReport')} value={[...images]} onChange={setImages}><Stack gap="xs" mt="xs">{pictures.map((one) => <Checkbox key={keyOf(one)} value={keyOf(one)} label={[titleOfResource(one), dateTime(dateOfResource(one))].filter(Boolean).join(' · ')} />)}</Stack></Checkbox.Group>}
        <Input.Wrapper label={t('input.code')} size="md" labelElement="div"><div dir="ltr"><PinInput length={6} type="number" oneTimeCode value={code} onChange={setCode} size="lg" aria-label={t('input.code')} getInputProps={(index) => ({ 'aria-label': t('digit', { n: index + 1 }) })} /></div></Input.Wrapper>
        <Alert color="blue">{t('noAuthenticator')}</Alert>
      </Stack>
    </Ask>
  );
}
