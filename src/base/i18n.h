/*
 * The interface language. English stands in the code, Chinese is what users see. Where the locale is not
 * UTF-8 the program takes C.UTF-8, with which glibc still translates when LANGUAGE is set, so that a Debian
 * without generated locales speaks Chinese too.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(text) gettext(text)
/* Marks a text in a table for translation; the reader of the table calls _(). */
#define N_(text) text
/* Marks a text that means something else there than elsewhere; the reader calls i18n_in() with the same context. */
#define P_(context, text) text

/* Once, at start: locale, catalogue, and Chinese unless LANGUAGE (or a later call below) says otherwise. */
void i18n_init(void);
/* Change the language while running: "zh_CN" or "en". Unknown ones are taken as "en". */
void i18n_set_language(const char *language);
/* True when texts are Chinese now: the reader of bilingual data rows asks this. */
bool i18n_is_chinese(void);
/* A text in the sense of its context, else as it is translated elsewhere. */
const char *i18n_in(const char *context, const char *text);
/* What a stored code is called in the interface language, by a table of codes and labels (N_()); without a row of its own the code itself. */
const char *i18n_label(const char *const (*labels)[2], size_t n, const char *code);

#endif
