#include <dlfcn.h>
#include <dnnl.h>
#include <dnnl_debug.h>

// A cast pointer: Swift does not import the macro.
static inline void *onednn_memory_allocate(void) { return DNNL_MEMORY_ALLOCATE; }

typedef void (*onednn_thread_setter)(int);

// oneDNN has no call for its number of threads: it asks OpenMP. The function is looked up in whichever OpenMP library
// oneDNN brought into the process, so that nothing is linked twice. NULL if oneDNN was built without OpenMP.
static inline onednn_thread_setter onednn_find_thread_setter(void) {
    void *process = dlopen(0, RTLD_LAZY);
    return process ? (onednn_thread_setter)dlsym(process, "omp_set_num_threads") : 0;
}
