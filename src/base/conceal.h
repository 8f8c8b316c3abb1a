/*
 * Passwords in addresses, made unreadable: "scheme://user:password@host" is shown as "scheme://user:*@host". New ones are refused
 * (exchange/url.h); journals of older stores hold some, and a journal is never rewritten.
 */
#ifndef BASE_CONCEAL_H
#define BASE_CONCEAL_H

/* In place, every one in the text; NULL is none. */
void conceal_passwords(char *text);

#endif
