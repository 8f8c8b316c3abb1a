/*
 * What confine.c and exchange/sandbox.c both ask of the machine: ARCH, the number seccomp knows it by (not defined where we know
 * none); HAVE_LANDLOCK where the headers have it; SANITIZED in a build with AddressSanitizer, which needs more of the system
 * than either allows.
 */
#ifndef BASE_CONFINE_ARCH_H
#define BASE_CONFINE_ARCH_H

#include <linux/audit.h>

#if defined(__has_include)
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#define HAVE_LANDLOCK 1
#endif
#endif

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__loongarch64) && defined(AUDIT_ARCH_LOONGARCH64)
#define ARCH AUDIT_ARCH_LOONGARCH64
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif
