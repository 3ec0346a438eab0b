#include <isa-l.h>

/* The sizes of the level buffers are macros of macros, which Swift does not see. */
enum {
    CISAL_LEVEL1_BUFFER_SIZE = ISAL_DEF_LVL1_EXTRA_LARGE,
    CISAL_LEVEL2_BUFFER_SIZE = ISAL_DEF_LVL2_EXTRA_LARGE,
    CISAL_LEVEL3_BUFFER_SIZE = ISAL_DEF_LVL3_EXTRA_LARGE
};
