#include "tests/exchange/hostile.h"

#define HEAD "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>x</identifier>"

void
hostile_repeat(struct buf *b, const char *s, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_add(b, s);
}

static void
entity_tower(struct buf *b, const char *use)
{
	buf_add(b, "<?xml version=\"1.0\"?><!DOCTYPE alert [<!ENTITY a \"ha\">");
	for (char c = 'b'; c < 'k'; c++) {
		buf_printf(b, "<!ENTITY %c \"", c);
		for (int i = 0; i < 10; i++)
			buf_printf(b, "&%c;", c - 1);
		buf_add(b, "\">");
	}
	buf_printf(b, "]>%s", use);
}

void
hostile_laughs(struct buf *b)
{
	entity_tower(b, "<alert><identifier>&j;</identifier></alert>");
}

void
hostile_laughs_in_attributes(struct buf *b)
{
	entity_tower(b, "<alert a=\"&j;\"/>");
}

void
hostile_quadratic(struct buf *b)
{
	buf_add(b, "<!DOCTYPE alert [<!ENTITY a \"");
	hostile_repeat(b, "aaaaaaaaaa", 20000);
	buf_add(b, "\">]><alert><note>");
	hostile_repeat(b, "&a;", 20000);
	buf_add(b, "</note></alert>");
}

void
hostile_xxe(struct buf *b)
{
	buf_add(b, "<!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
		   "<alert><identifier>&x;</identifier></alert>");
}

void
hostile_deep(struct buf *b)
{
	buf_add(b, HEAD);
	hostile_repeat(b, "<a>", 200000);
	hostile_repeat(b, "</a>", 200000);
	buf_add(b, "</alert>");
}

void
hostile_attributes(struct buf *b)
{
	buf_add(b, HEAD "<note");
	for (int i = 0; i < 60000; i++)
		buf_printf(b, " a%d='1'", i);
	buf_add(b, "/></alert>");
}
