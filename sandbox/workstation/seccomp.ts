/**
 * The system calls that a learner's shell may not make, as a classic BPF program for `bwrap --seccomp`: making namespaces,
 * mounting, tracing, kernel keyrings, io_uring, bpf, modules, typing into other terminals, unusual socket families.
 * A deny-list: everything an ordinary program does stays allowed.
 */

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  readonly denied: readonly number[];
  readonly clone: number;
  readonly clone3: number;
  readonly socket: number;
  readonly ioctl: number;
}

/** The same on every architecture since Linux 5.1: pidfd_getfd, io_uring_*, the new mount calls, clone3. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442];
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    // In order: unshare setns mount umount2 pivot_root chroot | ptrace process_vm_* kcmp perf bpf userfaultfd | keys |
    // kexec modules reboot swap acct quotactl syslog iopl ioperm | clocks | handles fanotify vhangup lookup_dcookie
    denied: [
      272,
      308,
      165,
      166,
      155,
      161,
      101,
      310,
      311,
      312,
      298,
      321,
      323,
      248,
      249,
      250,
      246,
      320,
      175,
      313,
      176,
      169,
      167,
      168,
      163,
      179,
      103,
      172,
      173,
      164,
      227,
      159,
      305,
      303,
      304,
      300,
      153,
      212,
      ...COMMON,
    ],
    clone: 56,
    clone3: 435,
    socket: 41,
    ioctl: 16,
  },
  arm64: {
    audit: 0xc00000b7,
    denied: [
      97,
      268,
      40,
      39,
      41,
      51,
      117,
      270,
      271,
      272,
      241,
      280,
      282,
      217,
      218,
      219,
      104,
      294,
      105,
      273,
      106,
      142,
      224,
      225,
      89,
      60,
      116,
      170,
      112,
      171,
      266,
      264,
      265,
      262,
      58,
      18,
      ...COMMON,
    ],
    clone: 220,
    clone3: 435,
    socket: 198,
    ioctl: 29,
  },
};

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;

/** CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}. */
const NAMESPACE_FLAGS = 0x7e020000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** TIOCSTI types into a terminal; TIOCLINUX pastes into a console. */
const TERMINAL_INJECTION = [0x5412, 0x541c];

/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;
const SECOND_ARGUMENT = 24;

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const answer = (value: number): Instruction => [0x06, 0, 0, value];
const ifEqual = (k: number, yes: number, no: number): Instruction => [0x15, yes, no, k];
const ifAtLeast = (k: number, yes: number, no: number): Instruction => [0x35, yes, no, k];
const ifAnyBit = (k: number, yes: number, no: number): Instruction => [0x45, yes, no, k];

/** The filter for an architecture as Node names it; undefined where we have no table. */
export function seccompFilter(arch: string): Buffer | undefined {
  const machine = ARCHITECTURES[arch];
  return machine && assemble(program(machine));
}

function program(machine: Architecture): Instruction[] {
  return [
    load(ARCH),
    ifEqual(machine.audit, 1, 0),
    answer(KILL),
    load(NUMBER),
    // x32 calls have bit 30 set and their own numbering.
    ifAtLeast(0x40000000, 0, 1),
    answer(KILL),
    ...machine.denied.flatMap((number) => [ifEqual(number, 0, 1), answer(errno(EPERM))]),
    // clone3 hides its flags in memory; ENOSYS makes the C library fall back to clone.
    ifEqual(machine.clone3, 0, 1),
    answer(errno(ENOSYS)),
    ...onCall(machine.clone, [
      load(FIRST_ARGUMENT),
      ifAnyBit(NAMESPACE_FLAGS, 0, 1),
      answer(errno(EPERM)),
      answer(ALLOW),
    ]),
    ...onCall(machine.socket, [
      load(FIRST_ARGUMENT),
      ...SOCKET_FAMILIES.flatMap((family) => [ifEqual(family, 0, 1), answer(ALLOW)]),
      answer(errno(EAFNOSUPPORT)),
    ]),
    ...onCall(machine.ioctl, [
      load(SECOND_ARGUMENT),
      ...TERMINAL_INJECTION.flatMap((request) => [ifEqual(request, 0, 1), answer(errno(EPERM))]),
      answer(ALLOW),
    ]),
    answer(ALLOW),
  ];
}

/** The block runs for one call alone and ends in an answer. */
function onCall(number: number, block: readonly Instruction[]): Instruction[] {
  return [ifEqual(number, 0, block.length), ...block];
}

function assemble(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [i, [code, jumpTrue, jumpFalse, k]] of instructions.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jumpTrue, i * 8 + 2);
    bytes.writeUInt8(jumpFalse, i * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4);
  }
  return bytes;
}
