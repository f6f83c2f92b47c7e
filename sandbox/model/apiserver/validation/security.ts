/** Security contexts of Pods and containers. Source: kubernetes `ValidateSecurityContext`, `validatePodSpecSecurityContext`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, texts, whole } from '../kinds/parts/reading.ts';
import { invalid, invalids, oneOf, required } from './causes.ts';
import { userNumber } from './names.ts';

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_TEXT = String.raw`must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`;

function ids(field: string, context: Fields, keys: readonly string[]): readonly Invalid[] {
  return keys.flatMap((key) =>
    context[key] === undefined ? [] : invalids(`${field}.${key}`, context[key], userNumber(whole(context[key]))),
  );
}

export function containerSecurity(field: string, value: unknown): readonly Invalid[] {
  if (value === undefined) return [];
  const context = fields(value);
  return [
    ...ids(field, context, ['runAsUser', 'runAsGroup']),
    ...(context['procMount'] === undefined
      ? []
      : oneOf(`${field}.procMount`, context['procMount'], ['Default', 'Unmasked'])),
    ...seccomp(`${field}.seccompProfile`, context['seccompProfile']),
    ...escalation(field, context),
  ];
}

function escalation(field: string, context: Fields): readonly Invalid[] {
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const causes: Invalid[] = [];
  if (context['privileged'] === true)
    causes.push(
      invalid(field, goContext(context), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
    );
  if (texts(fields(context['capabilities'])['add']).includes('CAP_SYS_ADMIN')) {
    causes.push(
      invalid(
        field,
        goContext(context),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ),
    );
  }
  return causes;
}

/** Upstream shows its internal struct here: every field, by its Go name. */
function goContext(context: Fields): unknown {
  const {
    capabilities,
    privileged,
    runAsUser,
    runAsGroup,
    runAsNonRoot,
    readOnlyRootFilesystem,
    allowPrivilegeEscalation,
    procMount,
  } = context;
  const caps = fields(capabilities);
  return {
    Capabilities: capabilities === undefined ? null : { Add: caps['add'] ?? null, Drop: caps['drop'] ?? null },
    Privileged: privileged ?? null,
    SELinuxOptions: null,
    WindowsOptions: null,
    RunAsUser: runAsUser ?? null,
    RunAsGroup: runAsGroup ?? null,
    RunAsNonRoot: runAsNonRoot ?? null,
    ReadOnlyRootFilesystem: readOnlyRootFilesystem ?? null,
    AllowPrivilegeEscalation: allowPrivilegeEscalation ?? null,
    ProcMount: procMount ?? null,
    SeccompProfile: null,
    AppArmorProfile: null,
  };
}

function seccomp(field: string, value: unknown): readonly Invalid[] {
  if (value === undefined) return [];
  const { type, localhostProfile } = fields(value);
  if (type === 'Localhost') {
    return text(localhostProfile) === ''
      ? [required(`${field}.localhostProfile`, 'must be set when seccomp type is Localhost')]
      : [];
  }
  const causes = oneOf(`${field}.type`, text(type), ['Localhost', 'RuntimeDefault', 'Unconfined']);
  if (causes.length > 0 || localhostProfile === undefined) return causes;
  return [invalid(`${field}.localhostProfile`, localhostProfile, 'can only be set when seccomp type is Localhost')];
}

/** `spec.securityContext`, and the host namespaces that upstream keeps within it. */
export function podSecurity(field: string, podSpec: Fields): readonly Invalid[] {
  const context = fields(podSpec['securityContext']);
  const policy = context['fsGroupChangePolicy'];
  const causes = [
    ...ids(field, context, ['fsGroup', 'runAsUser', 'runAsGroup']),
    ...(Array.isArray(context['supplementalGroups']) ? context['supplementalGroups'] : []).flatMap((group, i) =>
      invalids(`${field}.supplementalGroups[${i}]`, group, userNumber(whole(group))),
    ),
  ];
  if (podSpec['shareProcessNamespace'] === true && podSpec['hostPID'] === true) {
    causes.push(
      invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    );
  }
  causes.push(...sysctls(`${field}.sysctls`, context['sysctls']));
  if (policy !== undefined) causes.push(...oneOf(`${field}.fsGroupChangePolicy`, policy, ['Always', 'OnRootMismatch']));
  return [...causes, ...seccomp(`${field}.seccompProfile`, context['seccompProfile'])];
}

function sysctls(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap(({ name }, i) => {
    const given = text(name);
    if (given === '') return [required(`${field}[${i}].name`)];
    return given.length <= 253 && SYSCTL.test(given) ? [] : [invalid(`${field}[${i}].name`, given, SYSCTL_TEXT)];
  });
}
