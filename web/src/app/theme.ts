import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const bedside: MantineColorsTuple = ['#e6f6f7', '#cfe9eb', '#a0d3d7', '#6dbcc3', '#43a8b1', '#2599a4', '#0f8590', '#0b6b74', '#075860', '#034349'];

/** Calm and legible: one quiet colour, large targets, nothing that depends on hue alone. */
export const theme = createTheme({
  primaryColor: 'bedside', primaryShade: { light: 7, dark: 4 }, colors: { bedside }, autoContrast: true, luminanceThreshold: 0.28, defaultRadius: 'md', cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", Arial, sans-serif',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1.15rem', lineHeight: '1.35' }, h3: { fontSize: '1rem', lineHeight: '1.4' } } },
  focusRing: 'auto', respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } }, ActionIcon: { defaultProps: { size: 'xl', variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'md' } }, // Grows by `field-sizing` (styles.css): measuring by a hidden field makes pages scroll sideways from right to left.
    Textarea: { defaultProps: { size: 'md', rows: 4, resize: 'vertical' } }, Select: { defaultProps: { size: 'md', checkIconPosition: 'right' } },
    NumberInput: { defaultProps: { size: 'md' } }, Checkbox: { defaultProps: { size: 'md' } }, Paper: { defaultProps: { radius: 'lg' } }, Card: { defaultProps: { radius: 'lg', withBorder: true, padding: 'md' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } }, Modal: { defaultProps: { centered: true, radius: 'lg' } },
    // The header of a dialog is not the banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } }, DrawerHeader: { defaultProps: { role: 'presentation' } },
  },
});

/** Secondary text and soft badges reach 4.5 : 1 in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff', '--bedside-canvas': '#f3f7f8', '--bedside-line': '#d5e0e3', '--mantine-color-dimmed': '#4d5c63', '--mantine-color-placeholder': '#5f6e75', '--mantine-color-error': '#b3261e',
    '--mantine-color-red-light-color': '#a3150e', '--mantine-color-orange-light-color': '#8a3d00', '--mantine-color-yellow-light-color': '#6b4a00', '--mantine-color-green-light-color': '#14602c', '--mantine-color-blue-light-color': '#12508f',
    '--mantine-color-gray-light-color': '#3d484e', '--mantine-color-bedside-light-color': '#075860', '--mantine-color-grape-light-color': '#77208a',
    '--mantine-color-bedside-outline': '#0b6b74',
  },
  dark: {
    '--mantine-color-body': '#16202a', '--bedside-canvas': '#0f1720', '--bedside-line': '#2f3d49', '--mantine-color-dimmed': '#a9b8c2', '--mantine-color-placeholder': '#93a3ad', '--mantine-color-error': '#ff9c94',
    '--mantine-color-red-light-color': '#ffb3ad', '--mantine-color-orange-light-color': '#ffc591', '--mantine-color-yellow-light-color': '#ffdf8a', '--mantine-color-green-light-color': '#9be3b0', '--mantine-color-blue-light-color': '#a5cffb',
    '--mantine-color-gray-light-color': '#d3dde3', '--mantine-color-bedside-light-color': '#a0d3d7', '--mantine-color-grape-light-color': '#e6b3f0',
    '--mantine-color-anchor': '#7ccad1',
  },
});
