#include "CLibgit2Shim.h"

#include <git2.h>
#include <stddef.h>

int sluice_libgit2_start(void) {
    static const git_config_level_t outside[] = {
        GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
    };
    int status = git_libgit2_init();
    if (status < 0) return status;

    /* What a person or the machine configured for git does not apply to the controller. */
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        status = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, outside[i], "");
        if (status < 0) return status;
    }

    /* A repository of another owner may be read: libgit2 runs neither hooks nor commands from a configuration, and
       a folder of repositories usually belongs to the account of the git server. */
    status = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (status < 0) return status;

    /* Objects are checked against their name when they are read, and a tree may only name objects that exist. */
    status = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
    if (status < 0) return status;
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
}
