/* First letters of the readings of U+4E00 to U+9FFF; used by pinyin.c alone. */
#ifndef STORE_PINYIN_TABLE_H
#define STORE_PINYIN_TABLE_H

#define PINYIN_FIRST 0x4e00
#define PINYIN_LAST 0x9fff

extern const char pinyin_table[];

#endif
