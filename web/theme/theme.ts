import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const variable = (name: string): MantineColorsTuple => {
  const value = `var(--${name})`;
  return [value, value, value, value, value, value, value, value, value, value];
};
const soft = (name: string, percent: number) => `color-mix(in srgb, var(--${name}) ${percent}%, transparent)`;

/** Mantine on our tokens: one accent, small radii, Inter, a focus ring on everything that takes the keyboard. */
export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent: variable('accent') },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, monospace',
  defaultRadius: 'sm',
  radius: { xs: '0.25rem', sm: '0.25rem', md: '0.375rem', lg: '0.375rem', xl: '0.375rem' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  shadows: { xs: 'var(--shadow)', sm: 'var(--shadow)', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: '2rem' } },
    Button: { defaultProps: { variant: 'default', size: 'xs' } },
    // Room for the focus ring between a field and what is said of it.
    InputWrapper: { styles: { label: { marginBottom: '0.25rem' }, description: { paddingBlock: '0.125rem' } } },
    Tooltip: {
      defaultProps: { openDelay: 400, withinPortal: true, events: { hover: true, focus: true, touch: false } },
    },
    // The placeholder would be a child that a menu may not have: the first item takes the focus.
    Menu: { defaultProps: { shadow: 'md', withinPortal: true, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md', withinPortal: true } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--critical)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': soft('ink', 6),
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': soft('ink', 8),
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-gray-light-color': 'var(--ink-2)',
  '--mantine-color-gray-light-hover': soft('ink', 8),
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'color-mix(in srgb, var(--accent) 88%, var(--ink))',
  '--mantine-color-accent-light': soft('accent', 14),
  '--mantine-color-accent-light-hover': soft('accent', 20),
  '--mantine-color-accent-light-color': 'var(--accent)',
  '--mantine-color-accent-outline': 'var(--accent)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'color-mix(in srgb, var(--accent) 88%, var(--ink))',
  '--mantine-primary-color-light': soft('accent', 14),
  '--mantine-primary-color-light-color': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-state)',
};

/** Gives Mantine's own variables the values of the tokens, for both colour schemes. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: shared, light: shared, dark: shared });
