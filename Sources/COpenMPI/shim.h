// Open MPI's handles and sentinels are macros with casts, which Swift does not import: each gets a getter of its name.
#pragma once
#include <mpi.h>
#include <sched.h>

// glibc declares it only for _GNU_SOURCE, which Swift's Glibc module is built without.
int sched_getaffinity(pid_t process, size_t setBytes, cpu_set_t *set);

static inline MPI_Comm shim_MPI_COMM_WORLD(void) { return MPI_COMM_WORLD; }
static inline MPI_Comm shim_MPI_COMM_NULL(void) { return MPI_COMM_NULL; }
static inline MPI_Request shim_MPI_REQUEST_NULL(void) { return MPI_REQUEST_NULL; }
static inline MPI_Errhandler shim_MPI_ERRORS_RETURN(void) { return MPI_ERRORS_RETURN; }
static inline MPI_Status *shim_MPI_STATUS_IGNORE(void) { return MPI_STATUS_IGNORE; }
static inline void *shim_MPI_IN_PLACE(void) { return MPI_IN_PLACE; }

static inline MPI_Datatype shim_MPI_INT64_T(void) { return MPI_INT64_T; }
static inline MPI_Datatype shim_MPI_UINT64_T(void) { return MPI_UINT64_T; }
static inline MPI_Datatype shim_MPI_UINT8_T(void) { return MPI_UINT8_T; }
static inline MPI_Datatype shim_MPI_DOUBLE(void) { return MPI_DOUBLE; }
static inline MPI_Datatype shim_MPI_FLOAT(void) { return MPI_FLOAT; }

static inline MPI_Op shim_MPI_SUM(void) { return MPI_SUM; }
static inline MPI_Op shim_MPI_MIN(void) { return MPI_MIN; }
static inline MPI_Op shim_MPI_MAX(void) { return MPI_MAX; }
