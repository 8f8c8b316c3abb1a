/* `zhiban import KIND FILE --columns`: which heading is taken for what, shown and nothing done. */
#ifndef CLI_IMPORT_COLUMNS_H
#define CLI_IMPORT_COLUMNS_H

struct cli;

/* KIND: one of import, or "tickets" for a file of a feed's; an exit status. Needs no store. */
int import_columns(struct cli *cli, const char *kind, const char *path);

#endif
