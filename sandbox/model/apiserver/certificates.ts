/**
 * The sandbox's own certificate authority and the certificates it signs (ECDSA P-256: made in a millisecond, where RSA
 * takes a hundred). Knows X.509; nothing of who gets what.
 */
import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, der, integer, octets, oid, sequence, set, text, time, yes } from './der.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

interface Request {
  readonly subject: Subject;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const DAY = 86_400_000;
const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = oid('1.3.6.1.5.5.7.3.2');

/** A new authority. */
export function makeAuthority({ subject, now }: Request): KeyPair {
  const key = newKey();
  const extensions = [
    extension('2.5.29.15', bits(Buffer.from([0xa4]), 2), true),
    extension('2.5.29.19', sequence(yes), true),
    extension('2.5.29.14', octets(keyId(key))),
  ];
  return issue({ subject, now, key, extensions, years: 10, issuer: { subject, key } });
}

/** A certificate for a server under all the given names and addresses. */
export function makeServerCertificate(
  authority: KeyPair,
  request: Request & { readonly names: readonly string[] },
): KeyPair {
  const names = request.names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name, 'ascii')),
  );
  return makeLeaf(authority, request, [
    extension('2.5.29.37', sequence(SERVER_AUTH)),
    extension('2.5.29.17', sequence(...names)),
  ]);
}

/** A certificate by which a client says who it is: CN is the user, O are the groups. */
export function makeClientCertificate(authority: KeyPair, request: Request): KeyPair {
  return makeLeaf(authority, request, [extension('2.5.29.37', sequence(CLIENT_AUTH))]);
}

function makeLeaf(authority: KeyPair, { subject, now }: Request, purposes: readonly Buffer[]): KeyPair {
  const key = newKey();
  const issuerKey = createPrivateKey(authority.key);
  const extensions = [
    extension('2.5.29.15', bits(Buffer.from([0xa0]), 5), true),
    extension('2.5.29.35', sequence(der(0x80, keyId(issuerKey)))),
    ...purposes,
  ];
  return issue({ subject, now, key, extensions, years: 1, issuer: { subject: AUTHORITY, key: issuerKey } });
}

/** Upstream's kubeadm calls every cluster's authority so. */
export const AUTHORITY: Subject = { commonName: 'kubernetes' };

interface Issue extends Request {
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly years: number;
  readonly issuer: { readonly subject: Subject; readonly key: KeyObject };
}

function issue({ subject, now, key, extensions, years, issuer }: Issue): KeyPair {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    nameOf(issuer.subject),
    // A day of leeway for clocks that go wrong.
    sequence(time(now - DAY), time(now + years * 365 * DAY)),
    nameOf(subject),
    publicBytes(key),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, { key: issuer.key, dsaEncoding: 'der' });
  const whole = sequence(body, ECDSA_SHA256, bits(signature));
  return { certificate: pem('CERTIFICATE', whole), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1').update(publicBytes(key)).digest();
}

function nameOf({ commonName, organizations = [] }: Subject): Buffer {
  const part = (type: string, value: string): Buffer => set(sequence(oid(type), text(value)));
  return sequence(...organizations.map((name) => part('2.5.4.10', name)), part('2.5.4.3', commonName));
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(type), ...(critical ? [yes] : []), octets(value));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
