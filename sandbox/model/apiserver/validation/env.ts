/** Environment variables of a container. Source: kubernetes `ValidateEnv`, `ValidateEnvFrom`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text } from '../kinds/parts/reading.ts';
import { invalid, invalids, required } from './causes.ts';
import { envFieldRef, resourceFieldRef } from './field-refs.ts';
import { configKey, dnsSubdomain, envName } from './names.ts';

const ONE_ONLY = 'may not have more than one field specified at a time';

export function env(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap((entry, i) => [
    ...(text(entry['name']) === ''
      ? [required(`${field}[${i}].name`)]
      : invalids(`${field}[${i}].name`, entry['name'], envName(text(entry['name'])))),
    ...(entry['valueFrom'] === undefined ? [] : valueFrom(`${field}[${i}].valueFrom`, entry)),
  ]);
}

function valueFrom(field: string, entry: Fields): readonly Invalid[] {
  const from = fields(entry['valueFrom']);
  const { fieldRef, resourceFieldRef: resource, configMapKeyRef, secretKeyRef } = from;
  const causes: Invalid[] = [];
  if (fieldRef !== undefined) causes.push(...envFieldRef(`${field}.fieldRef`, fields(fieldRef)));
  if (resource !== undefined) causes.push(...resourceFieldRef(`${field}.resourceFieldRef`, fields(resource), false));
  if (configMapKeyRef !== undefined) causes.push(...keyRef(`${field}.configMapKeyRef`, fields(configMapKeyRef)));
  if (secretKeyRef !== undefined) causes.push(...keyRef(`${field}.secretKeyRef`, fields(secretKeyRef)));
  const count = Object.values(from).filter((source) => source !== undefined).length;
  if (count === 0)
    causes.push(
      invalid(
        field,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  else if (text(entry['value']) !== '')
    causes.push(invalid(field, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) causes.push(invalid(field, '', ONE_ONLY));
  return causes;
}

function keyRef(field: string, ref: Fields): readonly Invalid[] {
  const key = text(ref['key']);
  return [
    ...invalids(`${field}.name`, text(ref['name']), dnsSubdomain(text(ref['name']))),
    ...(key === '' ? [required(`${field}.key`)] : invalids(`${field}.key`, key, configKey(key))),
  ];
}

export function envFrom(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap((entry, i) => {
    const { prefix, configMapRef, secretRef } = entry;
    const causes: Invalid[] = [];
    if (text(prefix) !== '') causes.push(...invalids(`${field}[${i}].prefix`, prefix, envName(text(prefix))));
    if (configMapRef !== undefined) causes.push(...namedRef(`${field}[${i}].configMapRef`, fields(configMapRef)));
    if (secretRef !== undefined) causes.push(...namedRef(`${field}[${i}].secretRef`, fields(secretRef)));
    if (configMapRef === undefined && secretRef === undefined)
      causes.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (configMapRef !== undefined && secretRef !== undefined) causes.push(invalid(field, '', ONE_ONLY));
    return causes;
  });
}

function namedRef(field: string, ref: Fields): readonly Invalid[] {
  const name = text(ref['name']);
  return name === '' ? [required(`${field}.name`)] : invalids(`${field}.name`, name, dnsSubdomain(name));
}
