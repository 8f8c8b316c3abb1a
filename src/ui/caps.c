/*
 * terminfo's "end all attributes" also leaves the line-drawing character set (xterm: ESC ( B before
 * ESC [ m; linux, screen: SI behind it), and curses sends it around every dim or bold word. We
 * never draw lines, so it is taken out of each frame, and so is "the colours as they were", which we
 * never change; changing the entry in memory does nothing, as
 * curses works on a copy of its own.
 */
#include "ui/caps.h"

#include <curses.h>
#include <string.h>
#include <term.h>

bool
caps_enough(void)
{
	return cursor_address && clear_screen;
}

bool
caps_clears_in_colour(void)
{
	return back_color_erase;
}

bool
caps_speaks_ecma48(void)
{
	static const char place[] = "\033[%i%p1%d;%p2%dH";

	return cursor_address && strncmp(cursor_address, place, sizeof(place) - 1) == 0 &&
	       parm_right_cursor && strcmp(parm_right_cursor, "\033[%p1%dC") == 0 &&
	       carriage_return && strcmp(carriage_return, "\r") == 0 && cursor_down &&
	       strcmp(cursor_down, "\n") == 0 && exit_attribute_mode &&
	       strstr(exit_attribute_mode, "\033[");
}

bool
caps_names_columns(void)
{
	return column_address && strcmp(column_address, "\033[%i%p1%dG") == 0;
}

bool
caps_names_rows(void)
{
	return row_address && strcmp(row_address, "\033[%i%p1%dd") == 0;
}

static size_t
strip(char *bytes, size_t n, const char *idle)
{
	size_t m = strlen(idle), out = 0;

	for (size_t i = 0; i < n;) {
		if (i + m <= n && memcmp(bytes + i, idle, m) == 0)
			i += m;
		else
			bytes[out++] = bytes[i++];
	}
	return out;
}

size_t
caps_strip(char *bytes, size_t n)
{
	static const char *const idle[] = {"\033(B", "\017"};

	if (orig_colors && *orig_colors)
		n = strip(bytes, n, orig_colors);
	for (size_t k = 0; exit_attribute_mode && k < sizeof(idle) / sizeof(idle[0]); k++)
		if (strstr(exit_attribute_mode, idle[k]))
			return strip(bytes, n, idle[k]);
	return n;
}
