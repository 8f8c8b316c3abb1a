/*
 * Where the program finds its own files. Installed, they lie where configure put them. In a build tree the
 * file `build-tree` beside the program (written by configure) names the source directory, so the program
 * runs uninstalled as well. ZHIBAN_DATA overrides the data directory for developers.
 */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

/* The data directory (rules, plans, taxonomy, the demo county). Never NULL; lives as long as the program. */
const char *paths_data(void);
/* The directory of compiled catalogues. */
const char *paths_locale(void);
/* data directory + "/" + name; the caller frees. */
char *paths_data_file(const char *name);
/* The store used when none is named: $ZHIBAN_STORE, else $XDG_DATA_HOME/zhiban/duty.db; the caller frees. */
char *paths_default_store(void);

#endif
