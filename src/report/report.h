/*
 * 信息报送: first reports 首报, follow-ups 续报 and final reports 终报, drafted from the record, edited, signed, numbered, exported.
 *
 * Verbs (report_register). Thing: report (2025-089, 2025-089-1 its first follow-up, 2025-089-终; an
 * unsigned one by its incident's number and 首 续 终; last digits; words of the title):
 *
 *	report.phone    报       incident dest receiver [at text]     a telephone report was made: to whom,
 *	                         when, who took it; closes the phone clock of that dest (short names do:
 *	                         扬州应急局). Without a waiting clock it is only recorded
 *	report.draft    拟稿     incident [kind=first|follow|final]    from the record; kind defaults to first,
 *	                         then follow. An unsigned one nobody edited is made anew; an edited one, or
 *	                         one that waits for its signature, is not touched. A follow-up without
 *	                         news is refused
 *	report.edit     改稿     report body [title dest cc]           sentences left alone keep their
 *	                         sources, what stands between them becomes "edited"
 *	report.submit   送签     report
 *	report.return   退稿     report why
 *	report.sign     签发     report [signer at urgency]            by a leader, or by a chief with the leader
 *	                         who gave word by telephone as `signer`; takes the yearly number once;
 *	                         closes the clocks that wait for it; queues the XML to the outbox, one
 *	                         message a main recipient; writes the journal's chain head into the footer
 *	report.deliver  送达     report dest way receiver [at]         fax hand system phone: the receipt; takes
 *	                         the message of that dest out of the queue
 *	report.void     作废     report why
 *
 * A first report has every element of handbook 2.4, in the format of 2.6; an element without a fact
 * says so (flag "empty", shown and listed; the draft never invents), one without proof is marked
 * (flag "unproven": 约 据报 待核实). A follow-up carries only what is newer than the draft of the last
 * signed report (so nothing falls between draft and signature), calls joined since then included, the
 * parent's number and its own sequence (续报一, 续报二 …). A signed report is never changed.
 * Reports are Chinese papers whatever the interface language. Templates: data/report/KIND.tsv (form:
 * head of first.tsv), copies: cc.tsv.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct buf;

void report_register(struct store *st);

struct report_row {
	int64_t id, incident;
	char incident_no[16], kind[8], state[12];
	int seq, year, number;         /* seq 0 first; number 0 not given yet */
	char no[24];                   /* "2025-089", "2025-089 续1", "" */
	char title[200], dest[160], cc[240], urgency[16];
	char drafter[64], signer[64], contact[64], phone[32];
	int64_t drafted, signed_at;    /* CLOCK_NONE not signed */
	int empties, unproven;         /* flagged lines */
	bool kept;                     /* somebody worked on it, or it waits for a signature: not drafted anew */
};
struct report_filter {
	int64_t incident;              /* 0 any */
	bool unsigned_only;
	int64_t area;                  /* township scope */
	int64_t before;                /* newest first, behind this id; 0 from the start */
};
size_t report_list(struct store *st, const struct report_filter *f, struct report_row *out, size_t max);
bool report_get(struct store *st, int64_t id, struct report_row *out);
const char *report_kind_label(const char *kind);
const char *report_state_label(const char *state);
const char *const *report_next_verbs(const struct report_row *r);
/* The body as edited; the caller frees. NULL when there is none. */
char *report_body(struct store *st, int64_t id);

/* One sentence of the draft and where it comes from. */
struct report_line {
	char element[24];              /* "place", "casualty", … */
	char label[32];                /* in the interface language */
	char *text;                    /* owned */
	char flag[12];                 /* "" empty unproven edited */
	int64_t sources[12];           /* journal ids */
	size_t n_sources;
};
size_t report_lines(struct store *st, int64_t id, struct report_line *out, size_t max);
void report_lines_clear(struct report_line *lines, size_t n);

/* What hinders signing (blocking) and what should be looked at: empty elements, unproven figures, figures that differ from the record,
 * missing dest. One line each. */
struct report_problem { bool blocking; char element[24]; char text[200]; };
size_t report_check(struct store *st, int64_t id, struct report_problem *out, size_t max);

/* Receipts and sendings of a signed report. */
struct report_delivery { char dest[96], way[16], receiver[64]; int64_t at; bool confirmed; };
size_t report_deliveries(struct store *st, int64_t id, struct report_delivery *out, size_t max);

/* The page of handbook 2.6: head, number, signer, dest, body, cc, contact, chain head. `columns` wide (0: 56 = 28 characters). */
bool report_text(struct store *st, int64_t id, int columns, struct buf *out, struct err *err) __attribute__((warn_unused_result));
/* The same as XML (element names in zhiban-report(5)), with figures as numbers and the sources of each sentence. */
bool report_xml(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

#endif
