import { expect, test } from 'vitest';
import { qrCode } from '../../web/accounts/qr.ts';
import { readQr } from '../support/read_qr.ts';

const link = 'otpauth://totp/Pendopo:operator%40jember.test?secret=MFQWCYLBMFQWCYLB&issuer=Pendopo&digits=6&period=30';

const lengths = Array.from({ length: 31 }, (_, i) => 1 + 9 * i);

test.each(['', ...lengths.map((length) => 'x'.repeat(length)), '🚑', link])('is read as it was written: %s', (text) => {
  expect(readQr(qrCode(text))).toBe(text);
});

test('what does not fit is refused', () => {
  expect(() => qrCode('x'.repeat(272))).toThrow(RangeError);
});
