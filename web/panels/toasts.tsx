import { Notifications } from '@mantine/notifications';

/** Short words that come and go; those from before it was here are kept until it is. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={3} autoClose={6000} />;
}
