#ifndef CLIBGIT2SHIM_H
#define CLIBGIT2SHIM_H

/// Initialises libgit2 and sets the process-wide options that Sluice needs.
///
/// A function of its own because the options are set by a C variadic, which Swift does not import.
/// Returns 0, or libgit2's negative error code with its message in git_error_last().
int sluice_libgit2_start(void);

#endif
