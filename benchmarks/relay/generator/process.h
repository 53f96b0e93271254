/* The time, and what a process has used: processor seconds and resident memory. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>
#include <sys/types.h>

int64_t now(void);             /* nanoseconds of a clock that only goes forward */
double own_cpu(void);          /* seconds */
double cpu_of(pid_t pid);      /* seconds, of all its threads; 0 without a pid */
int64_t memory_of(pid_t pid);  /* bytes, resident; 0 without a pid */

#endif
