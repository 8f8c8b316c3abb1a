/* The map layer of `zhiban import areas FILE.geojson`. */
#ifndef CLI_IMPORT_AREAS_H
#define CLI_IMPORT_AREAS_H

#include <stdbool.h>

struct cli;

/* Does this word of the command line mean areas? */
bool import_means_areas(const char *word);
/* Shows what changes and does it as import does for spreadsheets; an exit status. */
int import_areas(struct cli *cli, const char *path);

#endif
