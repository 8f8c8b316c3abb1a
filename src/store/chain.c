/*
 * The chain over the journal of one origin:
 *
 *	hash(n) = SM3( hash(n-1) || field || field || … )        hash(0) = 32 zero bytes
 *
 * A field is its kind (1 byte: n absent, i integer, t text, b bytes), its length (8 bytes,
 * big-endian) and its bytes; integers are 8 bytes, big-endian, two's complement. Fields in order:
 * origin seq at person actor via verb subject_kind subject incident area args text corrects
 * changeset. Lengths stand before the bytes, so no two rows write the same string. SM3: GB/T
 * 32905-2016.
 */
/* OpenSSL has a type of this name; it is not needed here. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE

#include "store/inside.h"

#include "base/id.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct digest {
	EVP_MD_CTX *ctx;
};

/* SM3 is there (configure looked) and memory never fails: what is left is a bug. */
static void
must(int ok)
{
	if (!ok)
		abort();
}

struct digest *
digest_new(void)
{
	struct digest *digest = mem_zero(1, sizeof(*digest));

	digest->ctx = EVP_MD_CTX_new();
	must(digest->ctx != NULL);
	return digest;
}

void
digest_free(struct digest *digest)
{
	EVP_MD_CTX_free(digest->ctx);
	free(digest);
}

static void
big_endian(uint64_t value, unsigned char out[8])
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		out[i] = (unsigned char)value;
}

static void
add(struct digest *digest, char kind, const void *data, size_t size)
{
	unsigned char head[9];

	head[0] = (unsigned char)kind;
	big_endian(size, head + 1);
	must(EVP_DigestUpdate(digest->ctx, head, sizeof(head)));
	if (size)
		must(EVP_DigestUpdate(digest->ctx, data, size));
}

static void
add_int(struct digest *digest, int64_t value)
{
	unsigned char bytes[8];

	big_endian((uint64_t)value, bytes);
	add(digest, 'i', bytes, sizeof(bytes));
}

static void
add_ref(struct digest *digest, int64_t value)
{
	if (value)
		add_int(digest, value);
	else
		add(digest, 'n', NULL, 0);
}

static void
add_text(struct digest *digest, const char *text)
{
	if (text)
		add(digest, 't', text, strlen(text));
	else
		add(digest, 'n', NULL, 0);
}

void
chain_hash(struct digest *digest, const unsigned char prev[HASH_SIZE],
    const struct chain_fields *row, unsigned char out[HASH_SIZE])
{
	must(EVP_DigestInit_ex(digest->ctx, EVP_sm3(), NULL));
	must(EVP_DigestUpdate(digest->ctx, prev, HASH_SIZE));
	add_int(digest, row->origin);
	add_int(digest, row->seq);
	add_int(digest, row->at);
	add_ref(digest, row->person);
	add_text(digest, row->actor);
	add_text(digest, row->via);
	add_text(digest, row->verb);
	add_text(digest, row->subject_kind);
	add_ref(digest, row->subject);
	add_ref(digest, row->incident);
	add_ref(digest, row->area);
	add_text(digest, row->args);
	add_text(digest, row->text);
	add_ref(digest, row->corrects);
	if (row->changeset)
		add(digest, 'b', row->changeset, row->changeset_size);
	else
		add(digest, 'n', NULL, 0);
	must(EVP_DigestFinal_ex(digest->ctx, out, NULL));
}

void
chain_digest(struct digest *digest, const void *data, size_t size, unsigned char out[HASH_SIZE])
{
	must(EVP_DigestInit_ex(digest->ctx, EVP_sm3(), NULL));
	must(EVP_DigestUpdate(digest->ctx, data, size));
	must(EVP_DigestFinal_ex(digest->ctx, out, NULL));
}

void
chain_hex(const unsigned char *hash, size_t size, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		out[2 * i] = digit[hash[i] >> 4];
		out[2 * i + 1] = digit[hash[i] & 15];
	}
	out[2 * size] = '\0';
}

void
chain_head(struct store *st, int64_t *seq, int64_t *at, unsigned char hash[HASH_SIZE])
{
	struct sql *q = sql(st,
	    "SELECT id, at, hash FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
	const void *found;
	size_t size;

	*seq = *at = 0;
	memset(hash, 0, HASH_SIZE);
	sql_bind(
	    q, "ii", st->area << ID_SEQUENCE_BITS, st->area << ID_SEQUENCE_BITS | ID_SEQUENCE_MAX);
	if (sql_row(q)) {
		*seq = id_sequence(sql_int(q, 0));
		*at = sql_int(q, 1);
		found = sql_blob(q, 2, &size);
		if (size == HASH_SIZE)
			memcpy(hash, found, HASH_SIZE);
	}
	sql_done(q);
}
