/** What belongs to a field, from above: hints are below, so that fields side by side stand in a line. */
export const fieldOrder: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];
