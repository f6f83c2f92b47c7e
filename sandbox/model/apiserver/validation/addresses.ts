/** IP addresses and CIDRs in fields. Source: apimachinery `util/validation/ip.go`, kubernetes `ValidateEndpointIP`. */
import { isIP, isIPv4 } from 'node:net';
import type { Invalid } from '../kind.ts';
import { invalid } from './causes.ts';

export function ipAddress(field: string, value: string): readonly Invalid[] {
  return isIP(value) === 0
    ? [invalid(field, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
    : [];
}

export function cidr(field: string, value: string): readonly Invalid[] {
  const [address = '', bits = ''] = value.split('/');
  const most = isIPv4(address) ? 32 : 128;
  const fine = isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  if (!fine) return [invalid(field, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
  return hasHostBits(address, Number(bits))
    ? [invalid(field, value, 'must not have bits set beyond the prefix length')]
    : [];
}

/** Whether an IPv4 network has bits outside its prefix; IPv6 ones are not looked at. */
function hasHostBits(address: string, bits: number): boolean {
  if (!isIPv4(address)) return false;
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return value % 2 ** (32 - bits) !== 0;
}

/** An address that others may be sent to: not one that means this machine or this link. */
export function reachableAddress(field: string, value: string): readonly Invalid[] {
  const why = specialRange(value);
  return why === '' ? [] : [invalid(field, value, why)];
}

function specialRange(value: string): string {
  if (value === '0.0.0.0' || value === '::') return `may not be unspecified (${value})`;
  if (value.startsWith('127.') || value === '::1') return 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
  if (value.startsWith('169.254.') || /^fe[89ab]/i.test(value))
    return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
  if (value.startsWith('224.0.0.') || /^ff02:/i.test(value))
    return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
  return '';
}
