/*
 * terminfo's "end all attributes" also leaves the line-drawing character set (xterm: ESC ( B before
 * ESC [ m; linux, screen: SI behind it), and curses sends it around every dim or bold word. We
 * never draw lines, so it is taken out of each frame; changing the entry in memory does nothing, as
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

size_t
caps_strip(char *bytes, size_t n)
{
	static const char *const idle[] = {"\033(B", "\017"};
	size_t out = 0;

	for (size_t k = 0; exit_attribute_mode && k < sizeof(idle) / sizeof(idle[0]); k++) {
		size_t m = strlen(idle[k]);

		if (!strstr(exit_attribute_mode, idle[k]))
			continue;
		for (size_t i = 0; i < n;) {
			if (i + m <= n && memcmp(bytes + i, idle[k], m) == 0)
				i += m;
			else
				bytes[out++] = bytes[i++];
		}
		return out;
	}
	return n;
}
